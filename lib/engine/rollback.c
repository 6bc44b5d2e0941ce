/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/rollback.h"

#include "base/mem.h"
#include "engine/plan.h"
#include "host/host.h"

/* A value that other values reset is restored again, at most this often. */
#define ROUNDS 3

static const char *had(const struct resource *r)
{
	return plan_value(r->seen.had, "nothing");
}

/* Whether the host is back at `had`; if not, the reason in words, owned by the caller. */
static bool came_back(const struct plan *p, struct resource *r, const struct host *h,
                      char **ret_why)
{
	struct change seen = plan_look(p, r, h);
	bool unknown = seen.state == STATE_FAILED && seen.reason == REASON_NOT_READABLE;
	bool same = !unknown && plan_same_value(r->seen.had, r->seen.now);

	if (unknown)
		*ret_why = mem_format("it cannot be read: %s", seen.message);
	else if (!same)
		*ret_why = mem_format("it is now %s", plan_value(r->seen.now, "absent"));
	change_clear(&seen);
	return same;
}

/* Roll back one resource that was changed. `cause` is the resource that failed. */
static void step_back(const struct plan *p, struct resource *r, struct host *h,
                      const struct resource *cause)
{
	bool once = r->kind->flags & KIND_IRREVERSIBLE;
	_free_ char *why = NULL;
	struct err e = {0};
	int code = once ? 1 : r->kind->revert(r, h, &e);

	if (code > 0) {
		_free_ char *did = mem_dup(r->run.change.message);

		change_set(&r->run.change, STATE_CHANGED, REASON_NOT_ROLLED_BACK,
		           "%s; not rolled back after %s %s failed: %s", did,
		           cause->kind->name, cause->name,
		           once ? "this kind cannot be rolled back"
		                : "its dependents cannot be rolled back");
	} else if (code < 0) {
		plan_fail(r, REASON_FAILED, "rollback to %s failed: %s", had(r), e.text);
	} else if (!came_back(p, r, h, &why)) {
		plan_fail(r, REASON_NOT_KEPT, "rolled back to %s, but %s", had(r), why);
	} else {
		change_set(&r->run.change, STATE_DRIFT, REASON_REVERTED,
		           "rolled back to %s: %s %s failed", had(r), cause->kind->name,
		           cause->name);
	}
}

/* What cannot be read any more, and was absent before, may have changed. */
static void undo_failed(const struct plan *p, struct resource *r, struct host *h)
{
	_free_ char *why = NULL;
	struct err e = {0};
	int code;

	if (plan_is_as_before(r) || !r->run.begun || (r->kind->flags & KIND_IRREVERSIBLE))
		return;
	code = r->kind->revert(r, h, &e);
	if (code < 0)
		plan_fail(r, r->run.change.reason, "%s; rollback to %s failed: %s",
		          r->run.change.message, had(r), e.text);
	else if (code == 0 && !came_back(p, r, h, &why))
		plan_fail(r, r->run.change.reason, "%s; rolled back to %s, but %s",
		          r->run.change.message, had(r), why);
}

/* --- values that reset each other -----------------------------------------------------
 */

/* Whether this run may have moved it, though it did not write it, or not last. */
static bool may_have_moved(const struct resource *r)
{
	return (r->kind->flags & KIND_RESET) && r->seen.at_start && !r->spec.excluded &&
	       !r->run.aside;
}

static bool has_moved(const struct plan *p, struct resource *r, const struct host *h)
{
	struct change seen = plan_look(p, r, h);

	change_clear(&seen);
	return r->seen.now && !plan_same_value(r->seen.at_start, r->seen.now);
}

static bool restore_moved(const struct plan *p, struct host *h)
{
	struct err ignored; /* what does not come back is reported in the end */
	bool any = false;

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (!may_have_moved(r) || !has_moved(p, r, h))
			continue;
		any = true;
		mem_set(&r->seen.had, mem_dup(r->seen.at_start));
		(void)r->kind->revert(r, h, &ignored);
	}
	return any;
}

/*
 * The values of some sysctls are set by writing others (net.ipv4.ip_forward resets those
 * of all interfaces): restore also what the plan only read.
 */
static void settle_back(const struct plan *p, struct host *h)
{
	for (int round = 0; round < ROUNDS; round++)
		if (!restore_moved(p, h))
			return;
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (may_have_moved(r) && has_moved(p, r, h) && !plan_has_failed(r))
			plan_fail(r, REASON_NOT_KEPT,
			          "rolled back to %s, but it is now %s", r->seen.at_start,
			          r->seen.now);
	}
}

/* --- all of them ----------------------------------------------------------------------
 */

static bool any_begun(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->run.begun)
			return true;
	return false;
}

void roll_back(struct plan *p, struct host *h, struct resource *cause)
{
	struct deadline of_run = h->deadline;

	h->deadline = deadline_in_ms(ROLLBACK_MS);
	for (size_t i = p->n; i-- > 0;) {
		struct resource *r = p->resources[i];

		if (r->run.change.state == STATE_FAILED)
			undo_failed(p, r, h);
		else if (r->run.change.state == STATE_CHANGED)
			step_back(p, r, h, cause);
		else if (plan_is_coming(r))
			change_set(&r->run.change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
			           "not attempted: %s %s failed", cause->kind->name,
			           cause->name);
	}
	if (any_begun(p))
		settle_back(p, h);
	h->deadline = of_run;
}

void roll_back_one(struct plan *p, struct resource *r, struct host *h)
{
	struct deadline of_run = h->deadline;

	h->deadline = deadline_in_ms(ROLLBACK_MS);
	undo_failed(p, r, h);
	h->deadline = of_run;
}
