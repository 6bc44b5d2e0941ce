/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "engine/aside.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "host/facts.h"
#include "host/host.h"
#include "profile/waive.h"
#include "report/audit/audit.h"
#include "report/junit_suite.h"

static const char *reason_or_state(const struct resource *r)
{
	const struct change *c = &r->run.change;

	return c->reason == REASON_NONE ? state_word(c->state) : reason_word(c->reason);
}

/* As in the exit code. */
static bool junit_failed(const struct report *report, const struct resource *r)
{
	if (aside_is_waived(r))
		return false;
	switch (r->run.change.state) {
	case STATE_OK:
	case STATE_CHANGED:
	case STATE_SKIPPED: return false;
	case STATE_PENDING:
		return !report->applied || !plan_waits_for_user(&r->run.change);
	case STATE_DRIFT:
	case STATE_REFUSED:
	case STATE_FAILED: break;
	}
	return true;
}

static void case_waived(const struct resource *r, FILE *out)
{
	const struct waiver *w = r->run.waived;
	_free_ char *text = mem_format("%s; waived until %s: %s", r->run.change.message,
	                               w->until, w->reason);

	junit_case_skipped(text, out);
}

static void junit_case(const struct report *report, const struct resource *r, FILE *out)
{
	const struct change *c = &r->run.change;
	_free_ char *text = mem_format(
		"%s:%u:%u: %s %s: %s%s%s\n", r->spec.at.file, r->spec.at.line,
		r->spec.at.col, r->kind->name, r->name, c->message ? c->message : "",
		c->remedy ? "\nfix: " : "", c->remedy ? c->remedy : "");

	junit_case_begin(r->kind->name, r->name, out);
	if (junit_failed(report, r))
		junit_case_failed(reason_or_state(r), c->message, text, out);
	else if (aside_is_waived(r))
		case_waived(r, out);
	else if (c->state == STATE_SKIPPED)
		junit_case_skipped(c->message, out);
	else
		junit_case_passed(out);
}

/* The run fails, whatever the resources say. */
static void case_api(const struct persist *s, FILE *out)
{
	junit_case_begin("api", "bottlerocket", out);
	junit_case_failed(reason_word(persist_reason(s)), s->message, NULL, out);
}

void report_junit(const struct report *r, FILE *out)
{
	bool api_failed = persist_failed(r->persist);
	struct junit_suite suite = {.name = r->name,
	                            .host = r->facts->hostname,
	                            .now_s = r->now_s,
	                            .tests = r->plan->n + api_failed,
	                            .failures = api_failed,
	                            .skipped = r->plan->counts[STATE_SKIPPED] +
	                                       r->plan->n_waived};

	for (size_t i = 0; i < r->plan->n; i++)
		suite.failures += junit_failed(r, r->plan->resources[i]);
	junit_begin(&suite, out);
	junit_property("root", *r->host->root ? r->host->root : "/", out);
	junit_property("kernel", r->host->release, out);
	junit_property("instance_type", r->facts->instance_type, out);
	junit_properties_end(out);
	for (size_t i = 0; i < r->plan->n; i++)
		junit_case(r, r->plan->resources[i], out);
	if (api_failed)
		case_api(r->persist, out);
	junit_end(r->persist->message, out);
}
