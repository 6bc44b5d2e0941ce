/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* baseline: record what decides how fast a node copies data, and compare with it later.
 */
#include "baseline/baseline.h"
#include "base/macro.h"
#include "base/stop.h"
#include "baseline/probe.h"
#include "baseline_run.h"
#include "complain.h"
#include "completion.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/process/signals.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum exit_code baseline_refuse(const char *what, const char *why)
{
	complain("baseline %s: %s", what, why);
	return EXIT_INVALID;
}

enum exit_code baseline_ended(const struct host *h)
{
	if (stop_signal())
		return EXIT_SIGNAL;
	return deadline_expired(h->deadline) ? EXIT_DEADLINE : EXIT_IN_SYNC;
}

/* Without room, the probe could make the kubelet evict pods. */
static enum exit_code check_probe(const struct options *o, const struct host *h)
{
	const char *directory = o->value[OPTION_PROBE];
	struct err e = {0};
	int r = directory ? probe_check(h, directory, &e) : 0;

	if (r == 0)
		return EXIT_IN_SYNC;
	complain("--probe: %s", e.text);
	return r == -ENOSPC ? EXIT_REFUSED : EXIT_INVALID;
}

struct node *baseline_read(const struct options *o, struct host *h,
                           const struct baseline_wish *w)
{
	struct node *n = baseline_take(h, w);

	if (o->value[OPTION_PROBE])
		node_set(n, "probe", probe_run(h, o->value[OPTION_PROBE]));
	return baseline_as_saved(n);
}

enum exit_code baseline_open(struct host *h, const struct options *o)
{
	enum exit_code code = open_host(h, o);

	if (code != EXIT_IN_SYNC)
		return code;
	signals_catch();
	h->deadline.until_signal = true;
	code = check_probe(o, h);
	if (code != EXIT_IN_SYNC)
		close_host(h);
	return code;
}

static int cmd_baseline_run(const struct options *o)
{
	static const struct {
		const char *name;
		enum exit_code (*run)(const struct options *o);
	} actions[] = {{"save", baseline_save}, {"compare", baseline_compare_run}};
	const char *action = o->n_profiles > 0 ? o->profiles[0] : NULL;

	for (size_t i = 0; action && i < ARRAY_SIZE(actions); i++) {
		if (strcmp(actions[i].name, action) != 0)
			continue;
		if (o->n_profiles < 2)
			return (int)baseline_refuse(
				action, "no FILE given (\"-\" is standard output "
					"or input)");
		return (int)actions[i].run(o);
	}
	if (action)
		complain("baseline \"%s\": unknown (save or compare)", action);
	else
		complain("baseline: needs save FILE or compare FILE");
	return EXIT_INVALID;
}

static const char *saved_file(const struct options *o)
{
	return o->n_profiles > 1 && strcmp(o->profiles[0], "save") == 0 ? o->profiles[1]
	                                                                : NULL;
}

const struct cmd cmd_baseline = {
	.name = "baseline",
	.args = "save|compare FILE",
	.summary = "record what makes copies fast; what changed?",
	.takes = "save compare " VALUES_FILE,
	.exits = "0 1 2 3 5 7 8",
	.see = "audit, capture, diagnose, docs/operations.md",
	.formats = "text json junit npd",
	.inspects = true,
	.replaces = saved_file,
	.run = cmd_baseline_run,
};
