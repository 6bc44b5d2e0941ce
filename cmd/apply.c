/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* apply and audit: one path; only one branch differs. */
#include "base/mem.h"
#include "cmd.h"
#include "engine/lock.h"
#include "engine/persist.h"
#include "engine/plan.h"
#include "host/open.h"
#include "profile/profile.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

/* Return the exit code of the most serious outcome. */
static enum exit_code exit_code_of(const struct plan *p, const struct persist *s,
                                   bool act)
{
	/* on-failure: continue: failures are reported, but must not stop the boot */
	if (act && p->continue_on_failure)
		return EXIT_IN_SYNC;
	/* the profile does not say which drive it means: invalid for this node */
	if (plan_find(p, STATE_REFUSED, REASON_DISK_AMBIGUOUS))
		return EXIT_INVALID;
	if (p->counts[STATE_REFUSED])
		return EXIT_REFUSED;
	if (p->expired)
		return EXIT_DEADLINE;
	if (s->state == PERSIST_UNREACHABLE || s->state == PERSIST_REFUSED ||
	    ((s->state == PERSIST_ABSENT || s->state == PERSIST_LOCKED) && s->needed))
		return EXIT_API;
	if (p->counts[STATE_FAILED])
		return EXIT_FAILED;
	/* apply succeeds even if a resource is pending, for example until a reboot */
	return !act && (p->counts[STATE_DRIFT] || p->counts[STATE_PENDING])
	               ? EXIT_DRIFT
	               : EXIT_IN_SYNC;
}

static void print_report(const struct report *r, enum output output)
{
	if (output == OUTPUT_JSON)
		report_json(r, stdout);
	else if (output == OUTPUT_PROMETHEUS)
		report_prometheus(r, (int64_t)time(NULL), stdout);
	else
		report_text(r, stdout, stderr);
}

static enum exit_code observe_and_act(const struct options *o,
                                      const struct profile *profile, struct host *h,
                                      bool act)
{
	struct persist persist;
	struct plan plan;
	enum exit_code code;
	struct report report = {.host = h,
	                        .profile = profile,
	                        .plan = &plan,
	                        .persist = &persist,
	                        .applied = act,
	                        .verbose = o->verbose,
	                        .quiet = o->quiet,
	                        .color = o->color};

	plan_init(&plan, profile);
	plan_observe(&plan, h);
	persist_observe(&persist, &plan, profile, h);
	if (!act || o->verbose)
		persist_ask_services(&persist, &plan);
	if (act && plan_apply(&plan, h) == 0)
		persist_apply(&persist, &plan, h);
	if (o->verbose || o->output == OUTPUT_JSON)
		plan_gather_details(&plan, h);
	print_report(&report, o->output);
	code = exit_code_of(&plan, &persist, act);
	persist_done(&persist);
	return code;
}

static enum exit_code with_profile(const struct options *o, struct host *h, bool act)
{
	struct profile profile;
	enum exit_code code = load_profiles(&profile, o, h);
	_close_ int lock = -1;
	struct err e = {0};

	if (code == EXIT_IN_SYNC && act)
		lock = lock_take(h, &e);
	if (code == EXIT_IN_SYNC && act && lock < 0) {
		(void)fprintf(stderr, "hosttune: %s\n", e.text);
		code = lock == -EWOULDBLOCK ? EXIT_LOCKED : EXIT_FAILED;
	} else if (code == EXIT_IN_SYNC) {
		code = observe_and_act(o, &profile, h, act);
	}
	profile_done(&profile);
	return code;
}

static int cmd_apply_run(const struct options *o, bool act)
{
	struct host h;
	enum exit_code code = open_host(&h, o);

	if (code != EXIT_IN_SYNC)
		return (int)code;
	code = with_profile(o, &h, act);
	host_close(&h);
	return (int)code;
}

static int run_apply(const struct options *o)
{
	return cmd_apply_run(o, !o->dry_run);
}

static int run_audit(const struct options *o)
{
	return cmd_apply_run(o, false);
}

const struct cmd cmd_apply = {
	.name = "apply",
	.args = "[PROFILE...]",
	.summary = "make the host match the profile",
	.prometheus = true,
	.run = run_apply,
};

const struct cmd cmd_audit = {
	.name = "audit",
	.args = "[PROFILE...]",
	.summary = "report what differs, why, and how to fix it",
	.prometheus = true,
	.run = run_audit,
};
