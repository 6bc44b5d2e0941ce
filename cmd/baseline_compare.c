/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/num.h"
#include "base/stop.h"
#include "baseline/compare.h"
#include "baseline/load.h"
#include "baseline_run.h"
#include "complain.h"
#include "doc/node.h"
#include "host/host.h"
#include "output.h"
#include "report/baseline/baseline.h"
#include "report/wrap.h"
#include "screen.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define TOLERANCE_MAX 1000000

static void print_comparison(enum format f, void *ctx, FILE *out, FILE *log)
{
	static void (*const print[FORMATS])(const struct baseline_report *, FILE *) = {
		[FORMAT_TEXT] = report_baseline_text,
		[FORMAT_JSON] = report_baseline_json,
		[FORMAT_JUNIT] = report_baseline_junit,
		[FORMAT_NPD] = report_baseline_npd,
	};
	struct baseline_report report = *(struct baseline_report *)ctx;

	(void)log;
	if (out != stdout)
		report.width = REPORT_WIDTH;
	print[f](&report, out);
}

/* `other`: the name of the second file; NULL: `now` was read from this node. */
static enum exit_code compare_documents(const struct options *o, const struct node *was,
                                        const struct node *now, const char *other,
                                        unsigned tolerance)
{
	_comparison_ struct baseline_comparison c = {0};
	struct baseline_report report = {.c = &c,
	                                 .file = o->profiles[1],
	                                 .other = other,
	                                 .was = was,
	                                 .now = now,
	                                 .now_s = (int64_t)time(NULL),
	                                 .width = screen_width_of(STDOUT_FILENO),
	                                 .verbose = o->verbose,
	                                 .quiet = o->quiet};
	enum exit_code code;

	baseline_compare(was, now, tolerance, &c);
	code = c.n_counted > 0 ? EXIT_DRIFT : c.n_unread > 0 ? EXIT_FAILED : EXIT_IN_SYNC;
	if (output_shown(o) == FORMAT_NPD)
		code = (enum exit_code)report_baseline_npd_status(&report);
	return outputs_write(o, code, print_comparison, &report);
}

static enum exit_code load_baseline(struct baseline_file *f, const char *path,
                                    const struct options *o)
{
	_diagnostics_ struct diagnostics diag = {0};
	int r = baseline_load(f, path, o->until, &diag);

	diag_sort(&diag);
	print_diagnostics(&diag, SEVERITY_WARNING, stderr);
	if (r < 0 && output_shown(o) == FORMAT_NPD)
		npd_print_unknown("the baseline is invalid", stdout);
	return r < 0 ? exit_unread(o->until, &diag) : EXIT_IN_SYNC;
}

static enum exit_code compare_two(const struct options *o,
                                  const struct baseline_file *was, unsigned tolerance)
{
	_cleanup_(baseline_file_done) struct baseline_file now = {0};
	enum exit_code code = load_baseline(&now, o->profiles[2], o);

	return code == EXIT_IN_SYNC ? compare_documents(o, was->tree, now.tree,
	                                                o->profiles[2], tolerance)
	                            : code;
}

static enum exit_code compare_with_node(const struct options *o,
                                        const struct baseline_file *was,
                                        unsigned tolerance)
{
	_cleanup_(baseline_wish_done) struct baseline_wish w =
		baseline_wish_again(was->tree);
	_node_ struct node *now = NULL;
	enum exit_code code, ended;
	struct host h;

	code = baseline_open(&h, o);
	if (code != EXIT_IN_SYNC)
		return code;
	now = baseline_read(o, &h, &w);
	ended = baseline_ended(&h);
	if (ended == EXIT_SIGNAL)
		complain("baseline: %s", stop_reason());
	else
		code = compare_documents(o, was->tree, now, NULL, tolerance);
	close_host(&h);
	return ended == EXIT_IN_SYNC ? code : ended;
}

static bool parse_tolerance(const struct options *o, unsigned *ret)
{
	const char *text = o->value[OPTION_TOLERANCE];
	uint64_t number = BASELINE_TOLERANCE;

	if (text && (num_u64(text, &number) < 0 || number > TOLERANCE_MAX)) {
		complain("--tolerance \"%s\": is not a number of per cent "
		         "(0 to %d)",
		         text, TOLERANCE_MAX);
		return false;
	}
	*ret = (unsigned)number;
	return true;
}

enum exit_code baseline_compare_run(const struct options *o)
{
	_cleanup_(baseline_file_done) struct baseline_file was = {0};
	enum exit_code code;
	unsigned tolerance;

	if (o->pods || o->files)
		return baseline_refuse("compare",
		                       "--pod and --file are for save: it compares those "
		                       "in FILE");
	if (o->n_profiles > 3)
		return baseline_refuse("compare",
		                       "compares one FILE with this node, or two");
	if (o->n_profiles == 3 && o->value[OPTION_PROBE])
		return baseline_refuse("compare", "--probe is not for two files");
	if (!parse_tolerance(o, &tolerance))
		return EXIT_INVALID;
	code = load_baseline(&was, o->profiles[1], o);
	if (code != EXIT_IN_SYNC)
		return code;
	return o->n_profiles == 3 ? compare_two(o, &was, tolerance)
	                          : compare_with_node(o, &was, tolerance);
}
