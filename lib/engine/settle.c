/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/settle.h"

#include "base/mem.h"
#include "engine/plan.h"

#include <errno.h>

/* Rounds of writes. A value that one other write moves needs one. */
#define ROUNDS 4

struct settle {
	struct plan *p;
	struct host *h;
	bool (*may_write)(const void *arg, const struct resource *r);
	const void *arg;
};

bool settle_may_write(const void *arg, const struct resource *r)
{
	(void)arg;
	return !(r->kind->flags & KIND_IRREVERSIBLE) && !r->kind->finish &&
	       r->kind->shape != SECTION_ITEMS;
}

/*
 * What failed or was not attempted is reported already. Settings have no state on the
 * host: what the API says of them is the result.
 */
static bool is_done(const struct resource *r)
{
	return !r->spec.excluded && !r->run.aside && !plan_has_failed(r) &&
	       r->run.change.state != STATE_DRIFT && r->kind->shape != SECTION_TREE;
}

/* --- looking --------------------------------------------------------------------------
 */

/* Observe one resource: whether it moved. Other news replaces what is reported. */
static bool look(const struct settle *s, struct resource *r)
{
	struct change seen = plan_look(s->p, r, s->h);
	bool was_fine =
		r->run.change.state == STATE_OK || r->run.change.state == STATE_CHANGED;

	r->run.moved =
		seen.state == STATE_DRIFT && !r->run.waived && s->may_write(s->arg, r);
	if (!r->run.moved && !(seen.state == STATE_OK && was_fine))
		change_move(&r->run.change, &seen);
	change_clear(&seen);
	return r->run.moved;
}

static bool look_at_all(const struct settle *s)
{
	bool any = false;

	for (size_t i = 0; i < s->p->n; i++)
		if (is_done(s->p->resources[i]))
			any |= look(s, s->p->resources[i]);
	return any;
}

/* Whose write moved the others? */
static void find_moved_by(const struct settle *s, const struct resource *writer)
{
	for (size_t i = 0; i < s->p->n; i++) {
		struct resource *r = s->p->resources[i];

		if (r == writer || !is_done(r) || r->run.moved || !look(s, r))
			continue;
		r->run.moved_by = writer;
	}
}

/* --- writing --------------------------------------------------------------------------
 */

/* Return: false if it failed, as reported. */
static bool write_again(const struct settle *s, struct resource *r)
{
	enum reason reason = REASON_FAILED;
	struct change reported = r->run.change;
	struct err e = {0};
	int code = 0;

	r->run.change = (struct change){0};
	plan_observe_one(s->p, r, s->h);
	if (r->run.change.state == STATE_DRIFT) {
		if (!r->run.begun)
			mem_set(&r->seen.had,
			        mem_dup(plan_value(r->seen.at_start, r->seen.now)));
		r->run.begun = true;
		code = r->kind->apply(r, s->h, &reason, &e);
	}
	r->run.moved = false;
	change_move(&r->run.change, &reported);
	if (code < 0)
		plan_fail(r, reason, "%s", e.text);
	return code >= 0;
}

static void write_moved(const struct settle *s)
{
	for (size_t i = 0; i < s->p->n; i++) {
		struct resource *r = s->p->resources[i];

		if (r->run.moved && write_again(s, r))
			find_moved_by(s, r);
	}
}

static void fail_moved(const struct settle *s)
{
	for (size_t i = 0; i < s->p->n; i++) {
		struct resource *r = s->p->resources[i];
		const struct resource *by = r->run.moved_by;

		if (!r->run.moved)
			continue;
		r->run.moved = false;
		if (by) {
			plan_fail(r, REASON_NOT_KEPT,
			          "should be %s, but is now %s: writing %s %s changes it",
			          plan_value(r->spec.want, "in sync"),
			          plan_value(r->seen.now, "absent"), by->kind->name,
			          by->name);
			change_remedy(&r->run.change,
			              "remove one of the two from the profile");
		} else {
			plan_fail(r, REASON_NOT_KEPT,
			          "should be %s, but is now %s: something outside the "
			          "profile keeps changing it",
			          plan_value(r->spec.want, "in sync"),
			          plan_value(r->seen.now, "absent"));
		}
	}
}

/* Report what was written again by its value before the run. Return: what failed. */
static struct resource *report_settled(const struct plan *p)
{
	struct resource *failed = NULL;

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (plan_has_failed(r) && !failed)
			failed = r;
		if (r->run.change.state == STATE_OK && r->run.begun &&
		    !plan_same_value(r->seen.had, r->seen.now))
			change_set(&r->run.change, STATE_CHANGED, REASON_APPLIED,
			           "%s -> %s", plan_value(r->seen.had, "nothing"),
			           plan_value(r->seen.now, r->spec.want));
	}
	return failed;
}

struct resource *plan_settle(struct plan *p, struct host *h,
                             bool (*may_write)(const void *arg, const struct resource *r),
                             const void *arg)
{
	struct settle s = {.p = p, .h = h, .may_write = may_write, .arg = arg};
	struct resource *failed;

	if (!plan_has_begun(p))
		return NULL;
	for (int round = 0; look_at_all(&s); round++) {
		if (round < ROUNDS)
			write_moved(&s);
		else
			fail_moved(&s);
	}
	failed = report_settled(p);
	plan_count(p);
	return failed;
}

/* --- what the host writes itself -------------------------------------------------------
 */

static bool may_be_reset(const struct resource *r)
{
	return (r->kind->flags & KIND_RESET) && !r->run.waived &&
	       (r->run.change.state == STATE_OK || r->run.change.state == STATE_CHANGED);
}

/*
 * Observe one resource again, and keep the rest of r->change. Return: whether it was
 * written.
 */
static bool reset_one(const struct plan *p, struct resource *r, struct host *h, bool last)
{
	struct change reported = r->run.change;
	bool written = false;

	r->run.change = (struct change){0};
	plan_observe_one(p, r, h);
	if (r->run.change.state == STATE_DRIFT && !last) {
		enum reason reason = REASON_FAILED;
		struct err ignored = {0};

		written = true;
		(void)r->kind->apply(r, h, &reason, &ignored);
	} else if (r->run.change.state != STATE_OK) {
		plan_fail(r, REASON_NOT_KEPT,
		          "reset to %s by the host when it reapplied all settings",
		          plan_value(r->seen.now, "nothing"));
		change_clear(&reported);
		return false;
	}
	change_clear(&r->run.change);
	r->run.change = reported;
	return written;
}

bool plan_reset(struct plan *p, struct host *h, bool last)
{
	bool written = false;

	for (size_t i = 0; i < p->n; i++)
		if (may_be_reset(p->resources[i]))
			written |= reset_one(p, p->resources[i], h, last);
	plan_count(p);
	return written;
}
