/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* report: the reports of many nodes as one. */
#include "report/fleet/fleet.h"

#include "base/mem.h"
#include "base/text/display.h"
#include "cmd.h"
#include "complain.h"
#include "completion.h"
#include "fleet/collect.h"
#include "fleet/fleet.h"
#include "fleet/order.h"
#include "output.h"

#include <stdio.h>

static void print_problem(const char *text)
{
	_free_ char *line = display_text(text);

	(void)fprintf(stderr, "%s\n", line);
}

static enum exit_code exit_code_of_fleet(const struct fleet *f)
{
	if (f->n_skipped > 0)
		return EXIT_FAILED;
	return f->by_verdict[FLEET_IN_SYNC] < f->n ? EXIT_DRIFT : EXIT_IN_SYNC;
}

struct result {
	const struct fleet *fleet;
	const struct options *o;
};

static void print_fleet(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct result *r = ctx;

	(void)log;
	if (f == FORMAT_JSON)
		report_fleet_json(r->fleet, out);
	else if (f == FORMAT_HTML)
		report_fleet_html(r->fleet, out);
	else
		report_fleet_text(r->fleet, r->o->verbose, out);
}

static int cmd_report_run(const struct options *o)
{
	_cleanup_(fleet_done) struct fleet fleet = {0};
	enum exit_code code;

	if (o->n_profiles == 0) {
		complain("no FILE given (\"-\" reads standard input)");
		return EXIT_INVALID;
	}
	for (size_t i = 0; i < o->n_profiles; i++)
		fleet_collect(&fleet, o->profiles[i], o->until, print_problem);
	code = deadline_expired(o->until) ? EXIT_DEADLINE : exit_code_of_fleet(&fleet);
	fleet_sort(&fleet);
	return (int)outputs_write(o, code, print_fleet,
	                          &(struct result){.fleet = &fleet, .o = o});
}

const struct cmd cmd_report = {
	.name = "report",
	.offline = true,
	.args = "FILE...",
	.takes = VALUES_FILE,
	.summary = "merge the JSON reports of many nodes",
	.exits = "0 1 2 3 7",
	.see = "audit",
	.reads_below = fleet_is_report,
	.formats = "text json html",
	.run = cmd_report_run,
};
