/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/apply.h"

#include "base/mem.h"
#include "base/stop.h"
#include "engine/journaling.h"
#include "engine/order.h"
#include "engine/plan.h"
#include "engine/rollback.h"
#include "engine/settle.h"
#include "host/host.h"

#include <errno.h>

/* --- one step -------------------------------------------------------------------------
 */

/* A step that ran out of time says so, whatever the kind reports. */
static void step_failed(struct plan *p, struct resource *r, const struct host *h,
                        enum reason reason, const struct err *e)
{
	bool late = e->code == -ETIMEDOUT && deadline_expired(h->deadline);

	/* -ETIME: a child that cannot even be killed */
	p->expired |= late || e->code == -ETIME;
	if (late)
		plan_fail(r, stop_signal() ? REASON_INTERRUPTED : REASON_DEADLINE,
		          "%s (%s)", e->text, deadline_reason(h->deadline));
	else
		plan_fail(r, e->code == -ETIME ? REASON_DEADLINE : reason, "%s", e->text);
}

/* Report a change that was read back: "60 -> 10", and what diff warns of. */
static void report_changed(struct resource *r)
{
	enum reason warns = r->run.change.reason;
	_free_ char *warning = warns ? mem_dup(r->run.change.message) : NULL;
	_free_ char *remedy = TAKE_PTR(r->run.change.remedy);

	change_set(&r->run.change, STATE_CHANGED, warns ? warns : REASON_APPLIED,
	           "%s -> %s%s%s", plan_value(r->seen.had, "nothing"),
	           plan_value(r->seen.now, r->spec.want), warning ? "; " : "",
	           warning ? warning : "");
	if (warns)
		r->run.change.remedy = TAKE_PTR(remedy);
}

/*
 * Freeze the value to roll back to. Earlier steps may have changed this one, too: the
 * value is that of the start of the run, if it had one.
 */
static void freeze_value(struct resource *r)
{
	bool from_start = (r->kind->flags & KIND_RESET) && r->seen.at_start;

	mem_set(&r->seen.had, mem_dup(from_start ? r->seen.at_start : r->seen.now));
	r->run.begun = true;
}

/* What the journal lacks cannot be undone later: then nothing is changed. */
static bool is_recorded(const struct plan *p, struct resource *r, struct host *h)
{
	struct err e = {0};

	if (!p->journal || journaling_note(p->journal, r, h, &e) == 0)
		return true;
	plan_fail(r, REASON_NOT_JOURNALED, "%s", e.text);
	return false;
}

/* First half of one resource: observe again, then change it. */
static void begin(struct plan *p, struct resource *r, struct host *h)
{
	enum reason reason = REASON_FAILED;
	struct err e = {0};

	r->run.acting = false;
	plan_observe_one(p, r, h);
	if (r->run.change.state == STATE_PENDING && plan_is_coming(r))
		plan_fail(r, REASON_FAILED, "a resource it depends on did not appear");
	if (r->run.change.state != STATE_DRIFT)
		return;
	if (!is_recorded(p, r, h))
		return;
	freeze_value(r);
	e.code = r->kind->apply(r, h, &reason, &e);
	r->run.acting = e.code >= 0;
	if (e.code < 0) {
		/* a refused write may have changed part of it: read the current state */
		plan_observe_one(p, r, h);
		step_failed(p, r, h, reason, &e);
	}
}

/* Second half: wait for a slow change to end, and read it back. */
static void end(struct plan *p, struct resource *r, struct host *h)
{
	enum reason reason = REASON_FAILED;
	struct err e = {0};

	if (!r->run.acting)
		return;
	r->run.acting = false;
	e.code = r->kind->finish ? r->kind->finish(r, h, &reason, &e) : 0;
	plan_observe_one(p, r, h);
	if (e.code < 0)
		step_failed(p, r, h, reason, &e);
	else if (e.code > 0)
		return;
	else if (r->run.change.state == STATE_OK)
		report_changed(r);
	else if (!plan_has_failed(r))
		plan_fail(r, REASON_NOT_KEPT, "written, but is now %s",
		          plan_value(r->seen.now, "absent"));
}

static void begin_in_time(struct plan *p, struct resource *r, struct host *h)
{
	if (deadline_expired(h->deadline))
		plan_too_late(p, r, h, "not started");
	else
		begin(p, r, h);
}

/* --- all of them ----------------------------------------------------------------------
 */

/* A failure that is known in advance stops the plan before its first change. */
static void hold_back(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (plan_is_coming(r))
			change_set(&r->run.change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
			           "not attempted: another resource failed or was "
			           "refused");
	}
}

/* The number of resources from `at` on that start together: those of a slow kind. */
static size_t row_of(const struct plan *p, size_t at)
{
	const struct kind *kind = p->resources[at]->kind;
	size_t n = 1;

	while (kind->finish && at + n < p->n && p->resources[at + n]->kind == kind)
		n++;
	return n;
}

static struct resource *failed_of(struct resource *const *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (plan_has_failed(row[i]))
			return row[i];
	return NULL;
}

/* Skip a resource if its dependency failed or was not attempted. */
static bool is_held(struct resource *r)
{
	const struct resource *on = r->spec.depends_on;

	if (!on ||
	    !(plan_has_failed(on) || on->run.change.reason == REASON_NOT_ATTEMPTED))
		return false;
	change_set(&r->run.change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
	           "skipped: depends on %s %s, which failed", on->kind->name, on->name);
	return true;
}

/*
 * Start all resources of a row, and finish those that were started. After a failure no
 * other is started, unless on-failure is continue.
 *
 * Return: a resource that failed and stops the plan; NULL: none.
 */
static struct resource *plan_step(struct plan *p, struct resource *const *row, size_t n,
                                  struct host *h)
{
	for (size_t i = 0; i < n && (p->continue_on_failure || !failed_of(row, n)); i++)
		if (plan_is_coming(row[i]) &&
		    !(p->continue_on_failure && is_held(row[i])))
			begin_in_time(p, row[i], h);
	for (size_t i = 0; i < n; i++)
		end(p, row[i], h);
	if (!p->continue_on_failure)
		return failed_of(row, n);
	for (size_t i = 0; i < n; i++)
		if (plan_has_failed(row[i]))
			roll_back_one(p, row[i], h);
	return NULL;
}

/* Note the values at the start, and forget what an earlier run did. */
static void start_anew(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		mem_set(&r->seen.at_start, mem_dup(r->seen.now));
		r->run.begun = r->run.moved = r->run.not_back = false;
		r->run.moved_by = NULL;
	}
}

/* Whether the journal has all that is about to change; if not, the first of it fails. */
static bool all_are_recorded(struct plan *p, struct host *h)
{
	struct err e = {0};

	if (!p->journal || journaling_plan(p->journal, p, h, &e) == 0)
		return true;
	for (size_t i = 0; i < p->n; i++) {
		if (!plan_is_coming(p->resources[i]))
			continue;
		plan_fail(p->resources[i], REASON_NOT_JOURNALED, "%s", e.text);
		break;
	}
	return false;
}

int plan_apply(struct plan *p, struct host *h)
{
	struct resource *failed = NULL;
	size_t n;

	if (!p->continue_on_failure &&
	    (p->counts[STATE_REFUSED] || p->counts[STATE_FAILED])) {
		hold_back(p);
		plan_count(p);
		return -1;
	}
	order_resources(p->resources, p->n);
	start_anew(p);
	if (!all_are_recorded(p, h)) {
		hold_back(p);
		plan_count(p);
		return -1;
	}
	for (size_t i = 0; i < p->n && !failed; i += n) {
		n = row_of(p, i);
		failed = plan_step(p, p->resources + i, n, h);
	}
	if (!failed)
		failed = plan_settle(p, h, settle_may_write, NULL);
	if (failed && !p->continue_on_failure)
		roll_back(p, h, failed);
	plan_count(p);
	return failed && !p->continue_on_failure ? -1 : 0;
}
