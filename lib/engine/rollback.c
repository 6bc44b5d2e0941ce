/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/rollback.h"

#include "base/mem.h"
#include "engine/plan.h"
#include "host/host.h"

/* A value that other values change is restored again, at most this often. */
#define ROUNDS 3

#define DEPENDENTS "its dependents cannot be rolled back"

static const char *had(const struct resource *r)
{
	return plan_value(r->seen.had, "nothing");
}

/*
 * Compare what was just seen with the value that should be back. Return: the difference
 * in words, owned by the caller; NULL: none.
 */
static char *differs_from(const struct resource *r, const char *value,
                          const struct change *seen)
{
	if (r->run.unread)
		return mem_format("it cannot be read: %s", seen->message);
	if (!plan_same_value(value, r->seen.now))
		return mem_format("it is now %s", plan_value(r->seen.now, "absent"));
	return NULL;
}

/* Report why it is not as before, behind the reason why its own step failed. */
static void fail_back(struct resource *r, enum reason reason, const char *why)
{
	r->run.not_back = true;
	if (plan_has_failed(r))
		plan_fail(r, r->run.change.reason, "%s; %s", r->run.change.message, why);
	else
		plan_fail(r, reason, "%s", why);
}

/* --- one step -------------------------------------------------------------------------
 */

/* Whether the host has the value again, as read back; if not, it is reported. */
static bool came_back(const struct plan *p, struct resource *r, const struct host *h)
{
	struct change seen = plan_look(p, r, h);
	_free_ char *differs = differs_from(r, r->seen.had, &seen), *why = NULL;

	change_clear(&seen);
	if (!differs)
		return true;
	why = mem_format("rolled back to %s, but %s", had(r), differs);
	fail_back(r, REASON_NOT_KEPT, why);
	return false;
}

/* Return: 0; 1 if the change must stay; -1: it failed, as reported. */
static int undo(const struct plan *p, struct resource *r, struct host *h)
{
	_free_ char *why = NULL;
	struct err e = {0};
	int code = r->kind->revert(r, h, &e);

	if (code == 0)
		return came_back(p, r, h) ? 0 : -1;
	if (code > 0)
		return 1;
	why = mem_format("rollback to %s failed: %s", had(r), e.text);
	fail_back(r, REASON_FAILED, why);
	return -1;
}

/* Roll back one resource that was changed. `cause` is the resource that failed. */
static void step_back(const struct plan *p, struct resource *r, struct host *h,
                      const struct resource *cause)
{
	bool once = r->kind->flags & KIND_IRREVERSIBLE;
	_free_ char *did = mem_dup(r->run.change.message);
	int code = once ? 1 : undo(p, r, h);

	if (code > 0) {
		r->run.not_back = true;
		change_set(&r->run.change, STATE_CHANGED, REASON_NOT_ROLLED_BACK,
		           "%s; not rolled back after %s %s failed: %s", did,
		           cause->kind->name, cause->name,
		           once ? "this kind cannot be rolled back" : DEPENDENTS);
	} else if (code == 0) {
		change_set(&r->run.change, STATE_DRIFT, REASON_REVERTED,
		           "rolled back to %s: %s %s failed", had(r), cause->kind->name,
		           cause->name);
	}
}

/* What cannot be read any more, and was absent before, may have changed. */
static void undo_failed(const struct plan *p, struct resource *r, struct host *h)
{
	if (plan_is_as_before(r) || (r->kind->flags & KIND_IRREVERSIBLE))
		return;
	if (undo(p, r, h) > 0)
		fail_back(r, REASON_NOT_ROLLED_BACK, "not rolled back: " DEPENDENTS);
}

/* --- values that change each other ----------------------------------------------------
 */

/* Neither written by this run nor in need of it; the host may reset other values. */
static bool was_in_sync(const struct resource *r)
{
	return r->run.change.state == STATE_OK && !r->run.begun &&
	       !(r->kind->flags & KIND_RESET);
}

/* Whether this run may have moved it, though it did not write it, or not last. */
static bool may_have_moved(const struct resource *r)
{
	if (r->spec.excluded || r->run.aside)
		return false;
	if (r->kind->flags & KIND_RESET)
		return r->seen.at_start;
	return was_in_sync(r) || (r->seen.at_start && !r->run.not_back &&
	                          !(r->kind->flags & KIND_IRREVERSIBLE));
}

/* What is in sync may have another value than at the start: a bound permits several. */
static bool has_moved(const struct resource *r, const struct change *seen)
{
	if (was_in_sync(r))
		return seen->state != STATE_OK;
	return r->run.unread || !plan_same_value(r->seen.at_start, r->seen.now);
}

/* Not what is slow, nor mounts and devices, which others may use by now. */
static bool can_restore(const struct resource *r)
{
	return !(r->kind->flags & (KIND_IRREVERSIBLE | KIND_READ_ONLY)) &&
	       !r->kind->finish &&
	       (r->kind->shape != SECTION_ITEMS || r->kind->flags & KIND_APART);
}

/* Apply what was in sync: there is no step to revert. */
static void apply_again(struct resource *r, struct host *h, struct change *seen)
{
	struct change reported = r->run.change;
	enum reason reason = REASON_FAILED;
	struct err ignored; /* what does not come back is reported in the end */

	r->run.change = *seen;
	(void)r->kind->apply(r, h, &reason, &ignored);
	*seen = r->run.change;
	r->run.change = reported;
}

/* Return: whether anything was written. */
static bool restore(struct resource *r, struct host *h, struct change *seen)
{
	struct err ignored; /* likewise */

	if (!can_restore(r))
		return false;
	if (was_in_sync(r)) {
		if (r->run.waived || seen->state != STATE_DRIFT)
			return false;
		apply_again(r, h, seen);
		return true;
	}
	if (!r->run.begun && !(r->kind->flags & KIND_RESET))
		return false;
	mem_set(&r->seen.had, mem_dup(r->seen.at_start));
	(void)r->kind->revert(r, h, &ignored);
	return true;
}

static bool restore_moved(const struct plan *p, struct host *h)
{
	bool any = false;

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		struct change seen;

		if (!may_have_moved(r))
			continue;
		seen = plan_look(p, r, h);
		any |= has_moved(r, &seen) && restore(r, h, &seen);
		change_clear(&seen);
	}
	return any;
}

/* What was in sync is reported as it is now; what has another value than before failed.
 */
static void report_moved(const struct plan *p, struct resource *r, const struct host *h)
{
	struct change seen = plan_look(p, r, h);
	_free_ char *differs = differs_from(r, r->seen.at_start, &seen), *why = NULL;

	if (was_in_sync(r)) {
		if (has_moved(r, &seen))
			change_move(&r->run.change, &seen);
	} else if (differs && !r->run.not_back && (r->run.begun || !plan_has_failed(r))) {
		why = mem_format("%s %s, but %s", r->run.begun ? "rolled back to" : "was",
		                 r->seen.at_start, differs);
		fail_back(r, REASON_NOT_KEPT, why);
	}
	change_clear(&seen);
}

/*
 * The values of some resources are set by writing others (net.ipv4.ip_forward resets
 * those of all interfaces, and a new queue has its own): restore also what the plan only
 * read.
 */
static void settle_back(const struct plan *p, struct host *h)
{
	for (int round = 0; round < ROUNDS && restore_moved(p, h); round++)
		;
	for (size_t i = 0; i < p->n; i++)
		if (may_have_moved(p->resources[i]))
			report_moved(p, p->resources[i], h);
}

/* --- all of them ----------------------------------------------------------------------
 */

void roll_back(struct plan *p, struct host *h, struct resource *cause)
{
	struct deadline of_run = h->deadline;

	h->deadline = deadline_in_ms(ROLLBACK_MS);
	for (size_t i = p->n; i-- > 0;) {
		struct resource *r = p->resources[i];

		if (r->run.begun && plan_has_failed(r))
			undo_failed(p, r, h);
		else if (r->run.begun && r->run.change.state != STATE_OK)
			step_back(p, r, h, cause);
		else if (plan_is_coming(r))
			change_set(&r->run.change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
			           "not attempted: %s %s failed", cause->kind->name,
			           cause->name);
	}
	if (plan_has_begun(p))
		settle_back(p, h);
	h->deadline = of_run;
}

void roll_back_one(struct plan *p, struct resource *r, struct host *h)
{
	struct deadline of_run = h->deadline;

	if (!r->run.begun)
		return;
	h->deadline = deadline_in_ms(ROLLBACK_MS);
	undo_failed(p, r, h);
	h->deadline = of_run;
}
