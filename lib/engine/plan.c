/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/plan.h"

#include "base/mem.h"
#include "doc/node.h"
#include "engine/profile.h"
#include "host/host.h"

#include <stdlib.h>
#include <string.h>

void plan_init(struct plan *p, const struct profile *profile)
{
	*p = (struct plan){.resources = profile->resources,
	                   .n = profile->n,
	                   .go_on = profile->go_on};
}

void plan_count(struct plan *p)
{
	memset(p->counts, 0, sizeof(p->counts));
	for (size_t i = 0; i < p->n; i++)
		p->counts[p->resources[i]->change.state]++;
}

const struct resource *plan_find(const struct plan *p, enum state s, enum reason r)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->change.state == s &&
		    p->resources[i]->change.reason == r)
			return p->resources[i];
	return NULL;
}

/* What waits for something else than this plan, as for a server's stop, is not. */
static bool is_coming(const struct resource *r)
{
	return r->change.state == STATE_DRIFT ||
	       (r->change.state == STATE_PENDING && r->change.reason == REASON_WAITS);
}

/* Whether what the resource needs is still to come in this plan. */
static bool waits(const struct plan *p, const struct resource *r)
{
	if (r->on && is_coming(r->on))
		return true;
	/* resources stand in the order of kinds: what comes before stands before */
	for (size_t i = 0; r->kind->after && p->resources[i]->kind != r->kind; i++)
		if (p->resources[i]->kind == r->kind->after && is_coming(p->resources[i]))
			return true;
	return false;
}

static void observe(const struct plan *p, struct resource *r, const struct host *h)
{
	struct err e = {0};

	if (r->left_out)
		return;
	mem_set(&r->now, NULL);
	change_clear(&r->change);
	r->waits = waits(p, r);
	if (r->kind->observe(r, h, &e) < 0)
		change_set(&r->change, STATE_FAILED, REASON_NOT_READABLE, "%s", e.text);
	else
		r->kind->diff(r, &r->change);
}

/* Whether the list, joined by " ", has that word. */
static bool has_word(const char *list, const char *word, size_t len)
{
	for (; *list; list += strspn(list, " ")) {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, word, len) == 0)
			return true;
		list += n;
	}
	return false;
}

/* Two items that would both take the same drive: `a` may not. */
static void check_shared(struct resource *a, const struct resource *b)
{
	for (const char *word = a->takes; *word; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");

		if (has_word(b->takes, word, len)) {
			change_set(&a->change, STATE_REFUSED, REASON_DISK_AMBIGUOUS,
			           "%.*s is also selected by \"%s\"", (int)len, word,
			           b->name);
			change_remedy(&a->change, "give each its serial");
			return;
		}
		word += len;
	}
}

/* If the plan goes on, neither may: which was meant is not known. */
static void refuse_shared(const struct plan *p, struct resource *a, struct resource *b)
{
	check_shared(a, b);
	if (p->go_on)
		check_shared(b, a);
}

static void check_shared_devices(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t j = 0; p->resources[i]->takes && j < i; j++)
			if (p->resources[j]->takes)
				refuse_shared(p, p->resources[i], p->resources[j]);
}

/*
 * If the plan goes on: what a kind that only looks has refused is not to be used by what
 * comes before it, either.
 */
static void refuse_below(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (!(r->kind->flags & KIND_LOOKS) || r->change.state != STATE_REFUSED)
			continue;
		for (struct resource *on = r->on; on; on = on->on)
			if (is_coming(on))
				change_set(&on->change, STATE_REFUSED, r->change.reason,
				           "%s", r->change.message);
	}
}

void plan_observe(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++)
		observe(p, p->resources[i], h);
	check_shared_devices(p);
	if (p->go_on)
		refuse_below(p);
	plan_count(p);
}

void plan_gather(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		node_free(r->evidence);
		r->evidence = r->kind->evidence ? r->kind->evidence(r, h) : NULL;
	}
}

static void fail(struct resource *r, enum reason reason, const char *text)
{
	change_set(&r->change, STATE_FAILED, reason, "%s", text);
}

/* "60 -> 10" for a change that was read back. */
static void tell_changed(struct resource *r)
{
	change_set(&r->change, STATE_CHANGED, REASON_APPLIED, "%s -> %s",
	           r->had ? r->had : "nothing", r->now ? r->now : r->want);
}

/* One resource, first half: look again, and act. */
static void begin(const struct plan *p, struct resource *r, struct host *h)
{
	enum reason reason = REASON_FAILED;
	struct err e = {0};
	int code;

	r->acting = false;
	observe(p, r, h);
	if (r->change.state == STATE_PENDING && is_coming(r))
		fail(r, REASON_FAILED, "what it waits for did not come");
	if (r->change.state != STATE_DRIFT)
		return;
	mem_set(&r->had, mem_dup(r->now));
	r->begun = true;
	code = r->kind->apply(r, h, &reason, &e);
	r->acting = code >= 0;
	if (code < 0) {
		/* a refused write may have been taken in part: know what is there */
		observe(p, r, h);
		fail(r, reason, e.text);
	}
}

/* The other half: wait for the end of what takes long, and read back. */
static void end(const struct plan *p, struct resource *r, struct host *h)
{
	enum reason reason = REASON_FAILED;
	struct err e = {0};
	int code;

	if (!r->acting)
		return;
	r->acting = false;
	code = r->kind->finish ? r->kind->finish(r, h, &reason, &e) : 0;
	observe(p, r, h);
	if (code < 0)
		fail(r, reason, e.text);
	else if (r->change.state == STATE_OK)
		tell_changed(r);
	else if (r->change.state != STATE_FAILED && r->change.state != STATE_REFUSED) {
		_free_ char *text =
			mem_format("written, but now %s", r->now ? r->now : "absent");

		fail(r, REASON_NOT_KEPT, text);
	}
}

/* Put one back. `cause` is the resource that failed. */
static void step_back(struct resource *r, struct host *h, const struct resource *cause)
{
	bool once = r->kind->flags & KIND_IRREVERSIBLE;
	struct err e = {0};
	int code = once ? 1 : r->kind->revert(r, h, &e);

	if (code > 0) {
		_free_ char *did = mem_dup(r->change.message);

		change_set(&r->change, STATE_CHANGED, REASON_APPLIED,
		           "%s; stays, though %s %s failed: %s", did, cause->kind->name,
		           cause->name,
		           once ? "this kind cannot be put back"
		                : "what was made of it cannot be put back");
		return;
	}
	if (code < 0) {
		fail(r, REASON_FAILED, e.text);
		return;
	}
	change_set(&r->change, STATE_DRIFT, REASON_REVERTED,
	           "put back to %s, since %s %s failed", r->had ? r->had : "nothing",
	           cause->kind->name, cause->name);
	mem_set(&r->now, mem_dup(r->had));
}

/* A failed write may have left something: put that back, keeping the reason told. */
static void mend_failed(struct resource *r, struct host *h)
{
	bool same = r->had == r->now || (r->had && r->now && strcmp(r->had, r->now) == 0);
	struct err e = {0};
	int code;

	if (same || !r->begun || (r->kind->flags & KIND_IRREVERSIBLE))
		return;
	code = r->kind->revert(r, h, &e);
	if (code > 0)
		return;
	if (code < 0) {
		_free_ char *text = mem_format("%s; and could not be put back to %s: %s",
		                               r->change.message,
		                               r->had ? r->had : "nothing", e.text);

		fail(r, r->change.reason, text);
		return;
	}
	mem_set(&r->now, mem_dup(r->had));
}

/*
 * The failure policy, all of it: `cause` failed, nothing after it was begun but what
 * ran beside it and has ended.
 */
static void roll_back(struct plan *p, struct host *h, struct resource *cause)
{
	/* putting back takes the time it takes */
	host_set_deadline(h, 0);
	for (size_t i = p->n; i-- > 0;) {
		struct resource *r = p->resources[i];

		if (r->change.state == STATE_FAILED)
			mend_failed(r, h);
		else if (r->change.state == STATE_CHANGED)
			step_back(r, h, cause);
		else if (is_coming(r))
			change_set(&r->change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
			           "left alone, since %s %s failed", cause->kind->name,
			           cause->name);
	}
}

/* What is already known to fail stops the plan before it begins. */
static void hold_back(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (is_coming(r))
			change_set(
				&r->change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
				"left alone, since other parts of the profile cannot be "
				"met");
	}
}

/* How many from `at` on are begun together: those of a kind that takes long. */
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
	return r->change.state == STATE_FAILED || r->change.state == STATE_REFUSED;
}

static struct resource *failed_of(struct resource *const *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has_failed(row[i]))
			return row[i];
	return NULL;
}

/* What it stands on did not come: it is not tried. */
static bool is_held(struct resource *r)
{
	const struct resource *on = r->on;

	if (!on || !(has_failed(on) || on->change.reason == REASON_NOT_ATTEMPTED))
		return false;
	change_set(&r->change, STATE_DRIFT, REASON_NOT_ATTEMPTED,
	           "left alone, since %s %s failed", on->kind->name, on->name);
	return true;
}

static void begin_in_time(struct plan *p, struct resource *r, struct host *h)
{
	p->expired = host_expired(h);
	if (p->expired)
		fail(r, REASON_DEADLINE, "not begun: the time allowed is over");
	else
		begin(p, r, h);
}

/*
 * Begin all of a row, and end what was begun: none after one that fails, unless the
 * plan goes on. Return: one that failed and stops the plan; NULL: none.
 */
static struct resource *step(struct plan *p, struct resource *const *row, size_t n,
                             struct host *h)
{
	for (size_t i = 0; i < n && (p->go_on || !failed_of(row, n)); i++)
		if (is_coming(row[i]) && !(p->go_on && is_held(row[i])))
			begin_in_time(p, row[i], h);
	for (size_t i = 0; i < n; i++)
		end(p, row[i], h);
	if (!p->go_on)
		return failed_of(row, n);
	for (size_t i = 0; i < n; i++)
		if (has_failed(row[i]))
			mend_failed(row[i], h);
	return NULL;
}

int plan_apply(struct plan *p, struct host *h)
{
	struct resource *failed = NULL;
	size_t n;

	if (!p->go_on && (p->counts[STATE_REFUSED] || p->counts[STATE_FAILED])) {
		hold_back(p);
		plan_count(p);
		return -1;
	}
	for (size_t i = 0; i < p->n && !failed; i += n) {
		n = row_of(p, i);
		failed = step(p, p->resources + i, n, h);
	}
	if (failed)
		roll_back(p, h, failed);
	plan_count(p);
	return failed ? -1 : 0;
}

static bool may_be_reset(const struct resource *r)
{
	return (r->kind->flags & KIND_RESET) &&
	       (r->change.state == STATE_OK || r->change.state == STATE_CHANGED);
}

/* What r->change says, but for what it is now. */
static bool reset_one(const struct plan *p, struct resource *r, struct host *h, bool last)
{
	struct change told = r->change;
	bool written = false;

	r->change = (struct change){0};
	observe(p, r, h);
	if (r->change.state == STATE_DRIFT && !last) {
		enum reason reason = REASON_FAILED;
		struct err ignored = {0};

		written = true;
		(void)r->kind->apply(r, h, &reason, &ignored);
	} else if (r->change.state != STATE_OK) {
		_free_ char *text = mem_format("reset to %s by the host, which applies "
		                               "all settings anew",
		                               r->now ? r->now : "nothing");

		fail(r, REASON_NOT_KEPT, text);
		change_clear(&told);
		return false;
	}
	change_clear(&r->change);
	r->change = told;
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
