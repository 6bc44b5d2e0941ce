/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/diagnose.h"
#include "base/input.h"
#include "base/mem.h"
#include "cmd.h"
#include "complain.h"
#include "completion.h"
#include "diagnose/rules/load.h"
#include "host/facts.h"
#include "host/host.h"
#include "output.h"
#include "report/diagnosis/diagnosis.h"
#include "report/wrap.h"
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECONDS_DEFAULT 2

static void print_diagnosis(enum format f, void *ctx, FILE *out, FILE *log)
{
	static void (*const print[FORMATS])(const struct diagnosis_report *, FILE *) = {
		[FORMAT_TEXT] = report_diagnosis_text,
		[FORMAT_JSON] = report_diagnosis_json,
		[FORMAT_JUNIT] = report_diagnosis_junit,
		[FORMAT_PROMETHEUS] = report_diagnosis_prometheus,
		[FORMAT_NPD] = report_diagnosis_npd,
		[FORMAT_HTML] = report_diagnosis_html,
	};
	struct diagnosis_report report = *(struct diagnosis_report *)ctx;

	(void)log;
	report.color = report.color && out == stdout;
	if (out != stdout)
		report.width = REPORT_WIDTH;
	print[f](&report, out);
}

/* Counters of a bundle or a captured tree do not grow. */
static unsigned seconds_of(const struct options *o, const struct host *h)
{
	if (!h || !h->live)
		return 0;
	return o->value[OPTION_SECONDS] ? o->seconds : SECONDS_DEFAULT;
}

static enum exit_code refuse(const char *why)
{
	complain("diagnose: %s", why);
	return EXIT_INVALID;
}

static const char *option_of_log(const struct options *o)
{
	return o->value[OPTION_KMSG] ? o->value[OPTION_KMSG] : o->value[OPTION_JOURNAL];
}

/* As evidence names it; NULL: the log of the node. */
static const char *log_name(const struct options *o)
{
	const char *file = option_of_log(o);

	return file && strcmp(file, "-") == 0 ? "<stdin>" : file;
}

/* Return: a descriptor; -1: the log of the node; -errno with `e` set. */
static int log_open(const struct options *o, struct err *e)
{
	const char *file = option_of_log(o);

	if (!file)
		return -1;
	return strcmp(file, "-") == 0 ? dup(STDIN_FILENO)
	                              : input_open(AT_FDCWD, file, true, e);
}

/* node-problem-detector reads only standard output, and its codes are 0, 1 and 2. */
static enum exit_code without_diagnosis(const struct options *o, enum exit_code code,
                                        const char *why)
{
	if (output_shown(o) != FORMAT_NPD)
		return code;
	npd_print_unknown(why, stdout);
	return (enum exit_code)NPD_UNKNOWN;
}

static enum exit_code diagnose_and_print(const struct options *o, const struct host *h,
                                         const struct rules *rules, int log_fd)
{
	_cleanup_(diagnosis_done) struct diagnosis d = {0};
	struct diagnose_run run = {.h = h,
	                           .rules = rules,
	                           .log = {.name = log_name(o),
	                                   .fd = log_fd,
	                                   .journal = o->value[OPTION_JOURNAL] != NULL},
	                           .seconds = seconds_of(o, h),
	                           .d = &d};
	struct host_facts facts = {0};
	struct diagnosis_report report = {.d = &d,
	                                  .host = h,
	                                  .facts = h ? &facts : NULL,
	                                  .width = screen_width_of(STDOUT_FILENO),
	                                  .verbose = o->verbose,
	                                  .quiet = o->quiet,
	                                  .color = o->color};
	enum exit_code code;
	int r;

	/* for the report: what is unknown is reported as unknown */
	if (h)
		host_facts_read(h, &facts);
	else
		run.log.until = o->until;
	r = diagnose(&run);
	if (run.error.code < 0) {
		host_facts_done(&facts);
		(void)refuse(run.error.text);
		return without_diagnosis(o, EXIT_INVALID, run.error.text);
	}
	report.incomplete = r < 0 ? "deadline exceeded" : NULL;
	if (report.incomplete)
		complain("diagnose: %s: the result is incomplete", report.incomplete);
	report.now_s = (int64_t)time(NULL);
	code = r < 0                       ? EXIT_DEADLINE
	       : diagnosis_has_problem(&d) ? EXIT_DRIFT
	       : d.unread                  ? EXIT_FAILED
	                                   : EXIT_IN_SYNC;
	if (output_shown(o) == FORMAT_NPD)
		code = (enum exit_code)report_diagnosis_npd_status(&report);
	code = outputs_write(o, code, print_diagnosis, &report);
	host_facts_done(&facts);
	return code;
}

static enum exit_code with_rules(const struct options *o, const struct host *h)
{
	_close_ int log_fd = -1;
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};
	struct err e = {0};

	/* a file of rules may name any of those that are built in */
	rules_load_builtin(&rules, h || o->rules ? RULES_ALL : RULES_OF_LOG, &diag);
	for (size_t i = 0; o->rules && o->rules[i]; i++)
		rules_load(&rules, o->rules[i], o->until, &diag);
	diag_sort(&diag);
	print_diagnostics(&diag, SEVERITY_WARNING, stderr);
	if (diag.errors > 0)
		return without_diagnosis(o, exit_unread(o->until, &diag),
		                         "a file of rules is invalid");
	log_fd = log_open(o, &e);
	if (e.code < 0) {
		complain("diagnose: \"%s\": %s", log_name(o), e.text);
		return without_diagnosis(o, EXIT_INVALID, "the log cannot be read");
	}
	return diagnose_and_print(o, h, &rules, log_fd);
}

static int cmd_diagnose_run(const struct options *o)
{
	enum exit_code code;
	struct host h;

	if (o->n_profiles)
		return (int)refuse("takes no argument (--kmsg and --journal name a log, "
		                   "--bundle another node)");
	if (option_of_log(o))
		return (int)with_rules(o, NULL);
	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)without_diagnosis(o, code, "the host cannot be read");
	if (o->seconds > 0 && !h.live)
		code = refuse("--seconds: the counters of a captured root do not grow");
	else
		code = with_rules(o, &h);
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_diagnose = {
	.name = "diagnose",
	.args = "",
	.summary = "find what is wrong on this node, with evidence and fix",
	.exits = "0 1 2 3 7",
	.see = "audit, collect, explain",
	.formats = "text json junit prometheus npd html",
	.inspects = true,
	.run = cmd_diagnose_run,
};
