/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/plan.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/host.h"
#include "profile/profile.h"

#include <stdlib.h>
#include <string.h>

void plan_init(struct plan *p, const struct profile *profile)
{
	*p = (struct plan){.resources = profile->resources,
	                   .n = profile->n,
	                   .continue_on_failure = profile->continue_on_failure};
}

void plan_count(struct plan *p)
{
	memset(p->counts, 0, sizeof(p->counts));
	for (size_t i = 0; i < p->n; i++)
		p->counts[p->resources[i]->run.change.state]++;
}

const struct resource *plan_find(const struct plan *p, enum state s, enum reason r)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->run.change.state == s &&
		    p->resources[i]->run.change.reason == r)
			return p->resources[i];
	return NULL;
}

/*
 * Whether this plan still has to change it. Not so if it waits for something outside the
 * plan, such as the stop of a server.
 */
static bool is_coming(const struct resource *r)
{
	return r->run.change.state == STATE_DRIFT ||
	       (r->run.change.state == STATE_PENDING &&
	        r->run.change.reason == REASON_WAITS);
}

/* Whether a dependency of the resource is still to change in this plan. */
static bool waits(const struct plan *p, const struct resource *r)
{
	if (r->spec.depends_on && is_coming(r->spec.depends_on))
		return true;
	/* resources are in the order of kinds, so dependencies come first */
	for (size_t i = 0; r->kind->after && p->resources[i]->kind != r->kind; i++)
		if (strcmp(p->resources[i]->kind->name, r->kind->after) == 0 &&
		    is_coming(p->resources[i]))
			return true;
	return false;
}

static void plan_observe_one(const struct plan *p, struct resource *r,
                             const struct host *h)
{
	struct err e = {0};

	if (r->spec.excluded)
		return;
	mem_set(&r->seen.now, NULL);
	change_clear(&r->run.change);
	r->run.waits = waits(p, r);
	if (r->kind->observe(r, h, &e) < 0)
		change_set(&r->run.change, STATE_FAILED, REASON_NOT_READABLE, "%s",
		           e.text);
	else
		r->kind->diff(r, &r->run.change);
}

/* Whether a list, joined by " ", contains the word. */
static bool plan_has_word(const char *list, const char *word, size_t len)
{
	for (; *list; list += strspn(list, " ")) {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, word, len) == 0)
			return true;
		list += n;
	}
	return false;
}

/* Refuse `a` if it selects a drive that `b` selects too. */
static void check_shared(struct resource *a, const struct resource *b)
{
	for (const char *word = a->seen.claims; *word; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");

		if (plan_has_word(b->seen.claims, word, len)) {
			change_set(&a->run.change, STATE_REFUSED, REASON_DISK_AMBIGUOUS,
			           "%.*s is also selected by \"%s\"", (int)len, word,
			           b->name);
			change_remedy(&a->run.change, "select each drive by its serial");
			return;
		}
		word += len;
	}
}

/* With on-failure: continue, refuse both: which one was meant is unknown. */
static void refuse_shared(const struct plan *p, struct resource *a, struct resource *b)
{
	check_shared(a, b);
	if (p->continue_on_failure)
		check_shared(b, a);
}

static void check_shared_devices(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t j = 0; p->resources[i]->seen.claims && j < i; j++)
			if (p->resources[j]->seen.claims)
				refuse_shared(p, p->resources[i], p->resources[j]);
}

/*
 * With on-failure: continue, a read-only check that refuses also refuses everything below
 * it.
 */
static void refuse_below(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (!(r->kind->flags & KIND_READ_ONLY) ||
		    r->run.change.state != STATE_REFUSED)
			continue;
		for (struct resource *on = r->spec.depends_on; on;
		     on = on->spec.depends_on)
			if (is_coming(on))
				change_set(&on->run.change, STATE_REFUSED,
				           r->run.change.reason, "%s",
				           r->run.change.message);
	}
}

void plan_observe(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++)
		plan_observe_one(p, p->resources[i], h);
	check_shared_devices(p);
	if (p->continue_on_failure)
		refuse_below(p);
	plan_count(p);
}

void plan_gather_details(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		node_free(r->seen.details);
		r->seen.details = r->kind->details ? r->kind->details(r, h) : NULL;
	}
}

static void plan_fail(struct resource *r, enum reason reason, const char *text)
{
	change_set(&r->run.change, STATE_FAILED, reason, "%s", text);
}

/* Report a change that was read back: "60 -> 10". */
static void report_changed(struct resource *r)
{
	change_set(&r->run.change, STATE_CHANGED, REASON_APPLIED, "%s -> %s",
	           r->seen.had ? r->seen.had : "nothing",
	           r->seen.now ? r->seen.now : r->spec.want);
}

/* First half of one resource: observe again, then change it. */
static void begin(const struct plan *p, struct resource *r, struct host *h)
{
	enum reason reason = REASON_FAILED;
	struct err e = {0};
	int code;

	r->run.acting = false;
	plan_observe_one(p, r, h);
	if (r->run.change.state == STATE_PENDING && is_coming(r))
		plan_fail(r, REASON_FAILED, "a resource it depends on did not appear");
	if (r->run.change.state != STATE_DRIFT)
		return;
	mem_set(&r->seen.had, mem_dup(r->seen.now));
	r->run.begun = true;
	code = r->kind->apply(r, h, &reason, &e);
	r->run.acting = code >= 0;
	if (code < 0) {
		/* a refused write may have changed part of it: read the current state */
		plan_observe_one(p, r, h);
		plan_fail(r, reason, e.text);
	}
}

/* Second half: wait for a slow change to end, and read it back. */
static void end(const struct plan *p, struct resource *r, struct host *h)
{
	enum reason reason = REASON_FAILED;
	struct err e = {0};
	int code;

	if (!r->run.acting)
		return;
	r->run.acting = false;
	code = r->kind->finish ? r->kind->finish(r, h, &reason, &e) : 0;
	plan_observe_one(p, r, h);
	if (code < 0)
		plan_fail(r, reason, e.text);
	else if (r->run.change.state == STATE_OK)
		report_changed(r);
	else if (r->run.change.state != STATE_FAILED &&
	         r->run.change.state != STATE_REFUSED) {
		_free_ char *text = mem_format("written, but is now %s",
		                               r->seen.now ? r->seen.now : "absent");

		plan_fail(r, REASON_NOT_KEPT, text);
	}
}

/* Roll back one resource. `cause` is the resource that failed. */
static void step_back(struct resource *r, struct host *h, const struct resource *cause)
{
	bool once = r->kind->flags & KIND_IRREVERSIBLE;
	struct err e = {0};
	int code = once ? 1 : r->kind->revert(r, h, &e);

	if (code > 0) {
		_free_ char *did = mem_dup(r->run.change.message);

		change_set(&r->run.change, STATE_CHANGED, REASON_APPLIED,
		           "%s; not rolled back after %s %s failed: %s", did,
		           cause->kind->name, cause->name,
		           once ? "this kind cannot be rolled back"
		                : "its dependents cannot be rolled back");
		return;
	}
	if (code < 0) {
		plan_fail(r, REASON_FAILED, e.text);
		return;
	}
	change_set(&r->run.change, STATE_DRIFT, REASON_REVERTED,
	           "rolled back to %s: %s %s failed",
	           r->seen.had ? r->seen.had : "nothing", cause->kind->name, cause->name);
	mem_set(&r->seen.now, mem_dup(r->seen.had));
}

/*
 * A failed write may have changed part of it: roll that back and keep the reported
 * reason.
 */
static void fix_failed(struct resource *r, struct host *h)
{
	bool same = r->seen.had == r->seen.now ||
	            (r->seen.had && r->seen.now && strcmp(r->seen.had, r->seen.now) == 0);
	struct err e = {0};
	int code;

	if (same || !r->run.begun || (r->kind->flags & KIND_IRREVERSIBLE))
		return;
	code = r->kind->revert(r, h, &e);
	if (code > 0)
		return;
	if (code < 0) {
		_free_ char *text =
			mem_format("%s; rollback to %s failed: %s", r->run.change.message,
		                   r->seen.had ? r->seen.had : "nothing", e.text);

		plan_fail(r, r->run.change.reason, text);
		return;
	}
	mem_set(&r->seen.now, mem_dup(r->seen.had));
}

/*
 * The whole failure policy: `cause` failed. Nothing after it was started, except what ran
 * in parallel with it and has ended.
 */
static void roll_back(struct plan *p, struct host *h, struct resource *cause)
{
	/* a rollback may exceed the deadline: half of it would be worse */
	h->deadline = (struct deadline){0};
	for (size_t i = p->n; i-- > 0;) {
		struct resource *r = p->resources[i];

		if (r->run.change.state == STATE_FAILED)
			fix_failed(r, h);
		else if (r->run.change.state == STATE_CHANGED)
			step_back(r, h, cause);
		else if (is_coming(r))
			change_set(&r->run.change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
			           "not attempted: %s %s failed", cause->kind->name,
			           cause->name);
	}
}

/* A failure that is known in advance stops the plan before its first change. */
static void hold_back(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (is_coming(r))
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

static bool has_failed(const struct resource *r)
{
	return r->run.change.state == STATE_FAILED ||
	       r->run.change.state == STATE_REFUSED;
}

static struct resource *failed_of(struct resource *const *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has_failed(row[i]))
			return row[i];
	return NULL;
}

/* Skip a resource if its dependency failed or was not attempted. */
static bool is_held(struct resource *r)
{
	const struct resource *on = r->spec.depends_on;

	if (!on || !(has_failed(on) || on->run.change.reason == REASON_NOT_ATTEMPTED))
		return false;
	change_set(&r->run.change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
	           "skipped: depends on %s %s, which failed", on->kind->name, on->name);
	return true;
}

static void begin_in_time(struct plan *p, struct resource *r, struct host *h)
{
	p->expired = deadline_expired(h->deadline);
	if (p->expired)
		plan_fail(r, REASON_DEADLINE, "not started: deadline exceeded");
	else
		begin(p, r, h);
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
		if (is_coming(row[i]) && !(p->continue_on_failure && is_held(row[i])))
			begin_in_time(p, row[i], h);
	for (size_t i = 0; i < n; i++)
		end(p, row[i], h);
	if (!p->continue_on_failure)
		return failed_of(row, n);
	for (size_t i = 0; i < n; i++)
		if (has_failed(row[i]))
			fix_failed(row[i], h);
	return NULL;
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
	for (size_t i = 0; i < p->n && !failed; i += n) {
		n = row_of(p, i);
		failed = plan_step(p, p->resources + i, n, h);
	}
	if (failed)
		roll_back(p, h, failed);
	plan_count(p);
	return failed ? -1 : 0;
}

static bool may_be_reset(const struct resource *r)
{
	return (r->kind->flags & KIND_RESET) &&
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
		_free_ char *text = mem_format("reset to %s by the host when it "
		                               "reapplied all settings",
		                               r->seen.now ? r->seen.now : "nothing");

		plan_fail(r, REASON_NOT_KEPT, text);
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
