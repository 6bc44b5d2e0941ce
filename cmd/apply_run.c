/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "apply_run.h"

#include "apply_exit.h"
#include "base/mem.h"
#include "base/text/shell.h"
#include "complain.h"
#include "engine/apply.h"
#include "engine/capabilities.h"
#include "engine/journaling.h"
#include "engine/persist/apply.h"
#include "engine/persist/change.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "engine/select.h"
#include "host/facts.h"
#include "host/file.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/process/signals.h"
#include "locking.h"
#include "output.h"
#include "power.h"
#include "profile/profile.h"
#include "report/audit/audit.h"
#include "report/wrap.h"
#include "screen.h"
#include "trial.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* What a report reads, and what gathers further evidence for it. */
struct results {
	struct report report;
	struct plan *plan;
	struct host *host;
	bool gathered;
};

static void print_report(enum format f, void *ctx, FILE *out, FILE *log)
{
	struct results *r = ctx;
	struct report report = r->report;

	if (!r->gathered && (report.verbose || format_defs[f].evidence)) {
		plan_gather_details(r->plan, r->host);
		r->gathered = true;
	}
	report.color = report.color && out == stdout;
	if (out != stdout)
		report.width = REPORT_WIDTH;
	report_print(&report, f, out, log);
}

/* The host is as it is: a journal that says too little of it is only reported. */
static void end_journal(const struct options *o, struct journaling *g,
                        const struct persist *s, const struct host *h)
{
	struct err e = {0};

	if (journaling_end(g, s->live, h, &e) < 0)
		complain("warning: %s", e.text);
	if (g->none && !o->quiet)
		complain("warning: %s: there is no place for a journal, so "
		         "hosttune revert cannot undo this run",
		         g->none);
	journaling_done(g);
}

/* Observe and, to act, change: each with only the capabilities that the plan needs. */
static void run_plan(const struct options *o, const struct profile *profile,
                     struct plan *p, struct persist *s, struct host *h, bool act)
{
	if (!act)
		capabilities_permit(plan_capabilities(p, false) | power_always(o));
	plan_observe(p, h);
	persist_observe(s, p, profile, h);
	if (!act || o->verbose)
		persist_ask_services(s, p);
	if (!act)
		return;
	capabilities_limit(plan_capabilities(p, true) | power_always(o));
	if (plan_apply(p, h) == 0)
		persist_apply(s, p, h);
}

static enum exit_code observe_and_act(const struct options *o,
                                      const struct profile *profile, struct host *h,
                                      const struct host_facts *facts, bool act)
{
	struct persist persist = {0};
	struct plan plan;
	enum exit_code code;
	_free_ char *name = screen_name(o, profile);
	_cleanup_(names_freep) char **repeated = screen_repeated(o);
	_free_ char *bundle =
		o->value[OPTION_BUNDLE] ? shell_quote(o->value[OPTION_BUNDLE]) : NULL;
	struct journaling journal = {.command = "apply",
	                             .profile = name,
	                             .dir = o->value[OPTION_STATE_DIR],
	                             .try_s = o->try_s};
	struct results results = {.report = {.host = h,
	                                     .facts = facts,
	                                     .profile = profile,
	                                     .plan = &plan,
	                                     .persist = &persist,
	                                     .applied = act,
	                                     .name = name,
	                                     .program = o->program,
	                                     .bundle = bundle,
	                                     .repeated = (const char *const *)repeated,
	                                     .width = screen_width_of(STDOUT_FILENO),
	                                     .verbose = o->verbose,
	                                     .quiet = o->quiet,
	                                     .color = o->color},
	                          .plan = &plan,
	                          .host = h};

	plan_init(&plan, profile);
	if (act && !o->value[OPTION_NO_JOURNAL])
		plan.journal = &journal;
	run_plan(o, profile, &plan, &persist, h, act);
	end_journal(o, &journal, &persist, h);
	persist_explain(&persist, &plan);
	if (act)
		plan_report_waived(&plan);
	results.report.now_s = (int64_t)time(NULL);
	code = output_shown(o) == FORMAT_NPD
	               ? (enum exit_code)report_npd_status(&results.report)
	               : apply_exit_code(&plan, &persist, act);
	code = outputs_write(o, code, print_report, &results);
	persist_done(&persist);
	return code;
}

/* node-problem-detector reads only standard output, and its codes are 0, 1 and 2. */
static enum exit_code without_results(const struct options *o, enum exit_code code,
                                      const char *why)
{
	if (output_shown(o) != FORMAT_NPD)
		return code;
	npd_print_unknown(why, stdout);
	return (enum exit_code)NPD_UNKNOWN;
}

static enum exit_code profile_without_results(const struct options *o,
                                              enum exit_code code,
                                              const struct diagnostics *diag)
{
	for (size_t i = 0; i < diag->n; i++) {
		const struct diagnostic *d = &diag->list[i];
		_free_ char *text =
			mem_format("%s:%u:%u: %s", d->file, d->line, d->col, d->text);

		if (d->severity == SEVERITY_ERROR)
			return without_results(o, code, text);
	}
	return without_results(o, code, "no PROFILE");
}

static enum exit_code without_lock(const struct options *o, int lock, const char *why)
{
	complain("%s", why);
	return without_results(o, locking_exit_code(lock), why);
}

/* Select a part of the profile. Return: 0, or -1 with *ret_code, as printed. */
static int select_part(const struct options *o, const struct profile *p,
                       enum exit_code *ret_code)
{
	const struct selection s = {(const char *const *)o->only,
	                            (const char *const *)o->skip};
	struct err e = {0};

	if (select_resources(p->resources, p->n + p->n_waivers, &s, &e) == 0)
		return 0;
	complain("%s", e.text);
	*ret_code = without_results(o, EXIT_INVALID, e.text);
	return -1;
}

static enum exit_code locked(const struct options *o, const struct profile *profile,
                             struct host *h, const struct host_facts *facts, bool act)
{
	enum exit_code code;

	if (act)
		trial_settle(o, h);
	if (act && o->try_s && !trial_is_free(o, h))
		return without_results(o, EXIT_REFUSED, "another run is on trial");
	code = observe_and_act(o, profile, h, facts, act);
	if (act && o->try_s)
		trial_announce(o, h);
	return code;
}

/* For the report: what is unknown is reported as unknown. */
static enum exit_code run_with_facts(const struct options *o,
                                     const struct profile *profile, struct host *h,
                                     struct host_facts *facts, bool act)
{
	if (!facts->size)
		host_facts_read(h, facts);
	return locked(o, profile, h, facts, act);
}

static enum exit_code with_profile(const struct options *o, struct host *h, bool act)
{
	_cleanup_(host_facts_done) struct host_facts facts = {0};
	_diagnostics_ struct diagnostics diag = {0};
	struct profile profile;
	enum exit_code code = read_profiles(&profile, o, h, &facts, &diag);
	_close_ int lock = -1;
	struct err e = {0};

	print_diagnostics(&diag, reported_severity(o, h), stderr);
	if (code == EXIT_IN_SYNC && select_part(o, &profile, &code) < 0) {
		profile_done(&profile);
		return code;
	}
	if (code == EXIT_IN_SYNC && act)
		lock = locking_take(o, h, &e);
	if (code != EXIT_IN_SYNC)
		code = profile_without_results(o, code, &diag);
	else if (act && lock < 0)
		code = without_lock(o, lock, e.text);
	else
		code = run_with_facts(o, &profile, h, &facts, act);
	profile_done(&profile);
	return code;
}

int apply_run(const struct options *o, bool act)
{
	_close_ int trial = -1; /* open until the apply has ended */
	int guard = 0;
	enum exit_code code;
	struct host h;

	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)without_results(o, code, "the host cannot be read");
	/* an audit has nothing to undo: a signal just ends it */
	if (act) {
		signals_catch();
		h.deadline.until_signal = true;
	}
	if (act && o->try_s)
		guard = trial_guard(o, &h, &trial);
	if (guard == 0)
		code = with_profile(o, &h, act);
	else if (guard < 0)
		code = without_results(o, EXIT_FAILED, "--try is not possible");
	close_host(&h);
	return (int)code;
}
