/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* watch: keep running, pin NFS servers, fix drift, export metrics. */
#include "watch/watch.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "cmd.h"
#include "complain.h"
#include "completion.h"
#include "diagnose/rules/load.h"
#include "host/open.h"
#include "host/process/capabilities.h"
#include "report/diagnosis/diagnosis.h"
#include "report/watch/watch.h"
#include "watch/counters.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTERVAL_MAX_S 86400

/* For a reload, the profile is loaded again from the command line. */
struct context {
	const struct options *o;
	struct host *h;
	enum exit_code loaded; /* of the last time */
};

static void print_line(const struct log *t, enum log_level level, const char *text)
{
	static const char *const prefix[] = {
		[LOG_ERROR] = "error: ", [LOG_WARNING] = "warning: "};

	(void)t;
	complain("%s%s", level <= LOG_WARNING ? prefix[level] : "", text);
}

static int cmd_watch_load(void *ctx, struct profile *ret)
{
	struct context *c = ctx;
	struct options given = *c->o;

	/* it is loaded again on SIGHUP */
	given.until = deadline_of(&given);
	c->loaded = load_profiles(ret, &given, c->h);
	if (c->loaded == EXIT_IN_SYNC)
		return 0;
	profile_done(ret);
	return -1;
}

static FILE *open_text(char **text, size_t *len)
{
	return mem_check(open_memstream(text, len));
}

/* What is cut short must not be taken for the whole. */
static char *close_text(FILE *out, char *const *text)
{
	mem_need(fclose(out) == 0);
	return *text;
}

static char *metrics(void *ctx, const struct watch *w)
{
	const struct context *c = ctx;
	struct watch_counters figures;
	char *text = NULL;
	size_t len;
	FILE *out = open_text(&text, &len);

	watch_counters_read(&figures, c->h);
	report_prometheus_watch(w, &figures, out);
	watch_counters_done(&figures);
	return close_text(out, &text);
}

static char *npd(void *ctx, const struct watch *w, const char *failure)
{
	static const struct diagnosis none;
	const struct diagnosis_report r = {.d = failure ? &none : &w->findings.last,
	                                   .incomplete = failure};
	char *text = NULL;
	size_t len;
	FILE *out = open_text(&text, &len);

	(void)ctx;
	(void)fprintf(out, "%d ", (int)report_diagnosis_npd_status(&r));
	report_diagnosis_npd(&r, out);
	return close_text(out, &text);
}

/* Refuse bad files of rules before anything is watched. */
static enum exit_code check_rules(const struct options *o)
{
	_cleanup_(rules_done) struct rules rules = {0};
	_diagnostics_ struct diagnostics diag = {0};

	rules_load_builtin(&rules, RULES_ALL, &diag);
	for (size_t i = 0; o->rules && o->rules[i]; i++) {
		if (strcmp(o->rules[i], "-") == 0) {
			complain("--rules \"-\": should be a file: it is "
			         "read again for each diagnosis");
			return EXIT_INVALID;
		}
		rules_load(&rules, o->rules[i], o->until, &diag);
	}
	diag_sort(&diag);
	print_diagnostics(&diag, SEVERITY_WARNING, stderr);
	return diag.errors > 0 ? exit_unread(o->until, &diag) : EXIT_IN_SYNC;
}

static int parse_seconds(const struct options *o, enum option_id which, uint64_t min,
                         unsigned *ret)
{
	const char *text = o->value[which];
	uint64_t seconds = 0;

	if (!text)
		return 0;
	if (num_u64(text, &seconds) < 0 || seconds < min || seconds > INTERVAL_MAX_S) {
		complain("--%s \"%s\": should be %d to %d seconds",
		         option_defs[which].name, text, (int)min, INTERVAL_MAX_S);
		return -1;
	}
	*ret = (unsigned)seconds;
	return 0;
}

/* Without diagnoses, what is only for them. */
static int check_diagnoses(const struct options *o, const struct watch_options *wo)
{
	static const enum option_id needs[] = {OPTION_RULES, OPTION_NPD_FILE};

	for (size_t i = 0; wo->diagnose_interval_s == 0 && i < ARRAY_SIZE(needs); i++) {
		if (!o->value[needs[i]])
			continue;
		complain("--%s: not with --diagnose-interval 0",
		         option_defs[needs[i]].name);
		return -1;
	}
	return 0;
}

static int cmd_watch_parse(const struct options *o, struct watch_options *ret)
{
	const char *watchdog = getenv("WATCHDOG_USEC");

	*ret = (struct watch_options){.interval_s = 5,
	                              .audit_interval_s = 300,
	                              .diagnose_interval_s = 300,
	                              .deadline_s = o->deadline_s,
	                              .dry = o->dry_run,
	                              .journal = !o->value[OPTION_NO_JOURNAL],
	                              .state_dir = o->value[OPTION_STATE_DIR],
	                              .metrics_file = o->value[OPTION_METRICS_FILE],
	                              .npd_file = o->value[OPTION_NPD_FILE],
	                              .rules = o->rules,
	                              .listen = o->value[OPTION_METRICS_LISTEN],
	                              .notify_socket = getenv("NOTIFY_SOCKET")};
	if (watchdog && num_u64(watchdog, &ret->watchdog_us) < 0)
		ret->watchdog_us = 0;
	if (parse_seconds(o, OPTION_INTERVAL, 1, &ret->interval_s) < 0)
		return -1;
	if (parse_seconds(o, OPTION_AUDIT_INTERVAL, 0, &ret->audit_interval_s) < 0)
		return -1;
	if (parse_seconds(o, OPTION_DIAGNOSE_INTERVAL, 0, &ret->diagnose_interval_s) < 0)
		return -1;
	return check_diagnoses(o, ret);
}

static enum exit_code watch(struct host *h, const struct options *o,
                            const struct watch_options *wo)
{
	struct context context = {.o = o, .h = h};
	struct log log = {.line = print_line,
	                  .most = o->quiet     ? LOG_WARNING
	                          : o->verbose ? LOG_DETAIL
	                                       : LOG_NOTICE};
	struct watch_hooks hooks = {.load = cmd_watch_load,
	                            .metrics = metrics,
	                            .npd = npd,
	                            .ctx = &context,
	                            .log = &log};
	struct err e = {0};
	int r = watch_run(h, wo, &hooks, &e);

	if (*e.text)
		complain("%s", e.text);
	if (r == 0)
		return EXIT_IN_SYNC;
	if (r != -EINVAL)
		return EXIT_FAILED;
	return context.loaded == EXIT_IN_SYNC ? EXIT_INVALID : context.loaded;
}

static int cmd_watch_run(const struct options *o)
{
	struct watch_options wo;
	enum exit_code code;
	struct host h;

	if (cmd_watch_parse(o, &wo) < 0)
		return EXIT_INVALID;
	code = check_rules(o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	/* it stays with what any profile needs, and so do its children */
	capabilities_limit(capabilities_held());
	/* the run has no end; the deadline limits each audit */
	h.deadline = (struct deadline){0};
	(void)setvbuf(stderr, NULL, _IOLBF, 0);
	code = watch(&h, o, &wo);
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_watch = {
	.name = "watch",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.summary = "keep running: pin nfsd, fix drift, export metrics",
	.exits = "0 2 3 7",
	.see = "apply, audit, docs/nfsd.md",
	.acts = true,
	.plans = true,
	.inspects = true,
	.run = cmd_watch_run,
};
