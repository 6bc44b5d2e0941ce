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
	*p = (struct plan){.resources = profile->resources, .n = profile->n};
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

	mem_set(&r->now, NULL);
	change_clear(&r->change);
	r->waits = waits(p, r);
	if (r->kind->observe(r, h, &e) < 0)
		change_set(&r->change, STATE_FAILED, REASON_NOT_READABLE, "%s", e.text);
	else
		r->kind->diff(r, &r->change);
}

/* Two items that would both format the same drive. */
static void check_shared_devices(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *a = p->resources[i];

		for (size_t j = 0; a->device && j < i; j++) {
			const struct resource *b = p->resources[j];

			if (b->kind != a->kind || !b->device ||
			    strcmp(a->device, b->device) != 0)
				continue;
			change_set(&a->change, STATE_REFUSED, REASON_DISK_AMBIGUOUS,
			           "%s is also selected by \"%s\"", a->device, b->name);
			change_remedy(&a->change, "give each its serial");
		}
	}
}

void plan_observe(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++)
		observe(p, p->resources[i], h);
	check_shared_devices(p);
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

/* One resource: look again, act, read back. */
static void step(const struct plan *p, struct resource *r, struct host *h)
{
	enum reason reason = REASON_FAILED;
	struct err e = {0};
	int code;

	observe(p, r, h);
	if (r->change.state == STATE_PENDING && is_coming(r))
		fail(r, REASON_FAILED, "what it waits for did not come");
	if (r->change.state != STATE_DRIFT)
		return;
	mem_set(&r->had, mem_dup(r->now));
	r->begun = true;
	code = r->kind->apply(r, h, &reason, &e);
	if (code < 0) {
		/* a refused write may have been taken in part: know what is there */
		observe(p, r, h);
		fail(r, reason, e.text);
		return;
	}
	observe(p, r, h);
	if (r->change.state == STATE_OK)
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
	struct err e = {0};

	if (r->kind->flags & KIND_IRREVERSIBLE) {
		_free_ char *did = mem_dup(r->change.message);

		change_set(&r->change, STATE_CHANGED, REASON_APPLIED,
		           "%s; stays, though %s %s failed: this kind cannot be put back",
		           did, cause->kind->name, cause->name);
		return;
	}
	if (r->kind->revert(r, h, &e) < 0) {
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

	if (same || !r->begun || (r->kind->flags & KIND_IRREVERSIBLE))
		return;
	if (r->kind->revert(r, h, &e) < 0) {
		_free_ char *text = mem_format("%s; and could not be put back to %s: %s",
		                               r->change.message,
		                               r->had ? r->had : "nothing", e.text);

		fail(r, r->change.reason, text);
		return;
	}
	mem_set(&r->now, mem_dup(r->had));
}

/*
 * The failure policy, all of it: resource `at` failed, nothing after it was begun.
 */
static void roll_back(struct plan *p, struct host *h, size_t at)
{
	const struct resource *cause = p->resources[at];

	mend_failed(p->resources[at], h);
	for (size_t i = at; i-- > 0;)
		if (p->resources[i]->change.state == STATE_CHANGED)
			step_back(p->resources[i], h, cause);
	for (size_t i = at + 1; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (is_coming(r))
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

int plan_apply(struct plan *p, struct host *h)
{
	if (p->counts[STATE_REFUSED] || p->counts[STATE_FAILED]) {
		hold_back(p);
		plan_count(p);
		return -1;
	}
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (!is_coming(r))
			continue;
		p->expired = host_expired(h);
		if (p->expired)
			fail(r, REASON_DEADLINE, "not begun: the time allowed is over");
		else
			step(p, r, h);
		if (r->change.state == STATE_FAILED || r->change.state == STATE_REFUSED) {
			/* putting back takes the time it takes */
			host_set_deadline(h, 0);
			roll_back(p, h, i);
			plan_count(p);
			return -1;
		}
	}
	plan_count(p);
	return 0;
}
