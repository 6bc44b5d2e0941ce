/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/plan.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "doc/node.h"
#include "engine/aside.h"
#include "engine/claims.h"
#include "host/host.h"
#include "profile/profile.h"
#include "profile/waive.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void plan_init_at(struct plan *p, const struct profile *profile, int64_t now_s)
{
	*p = (struct plan){.resources = profile->resources,
	                   .n = profile->n,
	                   .continue_on_failure = profile->continue_on_failure};
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		const struct waiver *w = r->spec.waiver;

		r->run.aside = r->run.by_settings = r->run.observed = false;
		p->partial |= r->run.unselected != NULL;
		r->run.waived = w && waive_in_force(w, now_s) ? w : NULL;
	}
	/* the expired waivers come first of those behind the resources */
	while (p->n < profile->n + profile->n_waivers &&
	       !waive_in_force(waive_of(p->resources[p->n]), now_s))
		p->n++;
}

void plan_init(struct plan *p, const struct profile *profile)
{
	plan_init_at(p, profile, clock_unix_s());
}

void plan_count(struct plan *p)
{
	memset(p->counts, 0, sizeof(p->counts));
	p->n_waived = 0;
	for (size_t i = 0; i < p->n; i++)
		if (aside_is_waived(p->resources[i]))
			p->n_waived++;
		else
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

bool plan_is_coming(const struct resource *r)
{
	return !r->run.waived && (r->run.change.state == STATE_DRIFT ||
	                          (r->run.change.state == STATE_PENDING &&
	                           r->run.change.reason == REASON_WAITS));
}

struct resource *plan_dependency(const struct plan *p, const struct resource *r,
                                 bool (*is)(const struct resource *other))
{
	if (r->spec.depends_on && is(r->spec.depends_on))
		return r->spec.depends_on;
	/* resources are in the order of kinds, so dependencies come first */
	for (size_t i = 0; r->kind->after && p->resources[i]->kind != r->kind; i++)
		if (strcmp(p->resources[i]->kind->name, r->kind->after) == 0 &&
		    is(p->resources[i]) &&
		    (!r->kind->comes_with || r->kind->comes_with(r, p->resources[i])))
			return p->resources[i];
	return NULL;
}

/* Set aside an observed resource, if it differs and depends on one that is. */
static void set_aside_with_dependency(const struct plan *p, struct resource *r)
{
	const struct resource *on = plan_dependency(p, r, aside_holds);
	const struct change *c = &r->run.change;
	bool waits = c->state == STATE_PENDING && c->reason == REASON_WAITS;

	if (!on || r->run.waived)
		return;
	/* what differs by itself may still depend on the same item's resource */
	if (on != r->spec.depends_on && (!waits || plan_dependency(p, r, plan_is_coming)))
		return;
	if (!waits && c->state != STATE_DRIFT && c->state != STATE_PENDING)
		return;
	change_set(&r->run.change, STATE_SKIPPED, REASON_DEPENDENCY_SKIPPED,
	           "depends on %s %s, which is %s", on->kind->name, on->name,
	           aside_is_waived(on) ? "waived" : "skipped");
}

void plan_observe_one(const struct plan *p, struct resource *r, const struct host *h)
{
	struct err e = {0};
	int code;

	if (r->spec.excluded || r->run.aside)
		return;
	mem_set(&r->seen.now, NULL);
	change_clear(&r->run.change);
	r->run.waits = plan_dependency(p, r, plan_is_coming);
	if (!r->run.waits)
		r->run.waits = plan_dependency(p, r, aside_holds);
	code = r->kind->observe(r, h, &e);
	r->run.observed = true;
	r->run.unread = code < 0;
	r->run.elsewhere = code == -EREMOTE;
	if (r->run.elsewhere && r->run.by_settings)
		change_set(&r->run.change, STATE_OK, REASON_LIVE_HIDDEN,
		           "set by the Bottlerocket settings, but its live value is "
		           "unknown: %s",
		           e.text);
	else if (code < 0)
		change_set(&r->run.change, STATE_FAILED, REASON_NOT_READABLE, "%s",
		           e.text);
	else
		r->kind->diff(r, &r->run.change);
	set_aside_with_dependency(p, r);
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
			if (plan_is_coming(on))
				change_set(&on->run.change, STATE_REFUSED,
				           r->run.change.reason, "%s",
				           r->run.change.message);
	}
}

/* Whether the check looks at what this run may change. */
static bool checks_selected(const struct resource *r)
{
	if (!(r->kind->flags & KIND_READ_ONLY))
		return false;
	for (const struct resource *on = r->spec.depends_on; on; on = on->spec.depends_on)
		if (!on->run.unselected)
			return true;
	return false;
}

/*
 * What is not selected is observed once, for the checks of the whole plan, and then no
 * part of it. A read-only check that refuses what is selected stays, for safety.
 */
static void leave_unselected(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (!r->run.unselected || r->spec.excluded ||
		    (plan_has_failed(r) && checks_selected(r)))
			continue;
		r->run.aside = true;
		change_set(&r->run.change, STATE_SKIPPED, REASON_NOT_SELECTED, "%s",
		           r->run.unselected);
	}
}

static void observe_in_time(struct plan *p, struct resource *r, const struct host *h)
{
	if (!deadline_expired(h->deadline))
		plan_observe_one(p, r, h);
	else if (!r->spec.excluded)
		plan_too_late(p, r, h, "not read");
	else
		p->expired = true;
}

void plan_observe(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++)
		observe_in_time(p, p->resources[i], h);
	/* of two resources that select one drive, the other one may not be selected */
	claims_check(p->resources, p->n, h, p->continue_on_failure || p->partial);
	if (p->continue_on_failure)
		refuse_below(p);
	leave_unselected(p);
	plan_count(p);
}

void plan_gather_details(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		node_free(TAKE_PTR(r->seen.details));
		if (r->kind->details && !deadline_expired(h->deadline))
			r->seen.details = r->kind->details(r, h);
	}
}

struct change plan_look(const struct plan *p, struct resource *r, const struct host *h)
{
	struct change reported = r->run.change, seen;

	r->run.change = (struct change){0};
	plan_observe_one(p, r, h);
	seen = r->run.change;
	r->run.change = reported;
	return seen;
}

void plan_report_waived(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct change *c = &p->resources[i]->run.change;
		_free_ char *differs = mem_dup(c->message);

		if (aside_is_waived(p->resources[i]) && differs)
			change_set(c, STATE_SKIPPED, REASON_WAIVED, "%s", differs);
	}
	plan_count(p);
}

void plan_fail(struct resource *r, enum reason reason, const char *fmt, ...)
{
	_free_ char *text = NULL;
	va_list ap;

	/* the message may quote the one that it replaces */
	va_start(ap, fmt);
	text = mem_vformat(fmt, ap);
	va_end(ap);
	change_set(&r->run.change, STATE_FAILED, reason, "%s", text);
}

void plan_too_late(struct plan *p, struct resource *r, const struct host *h,
                   const char *what)
{
	p->expired = true;
	plan_fail(r, stop_signal() ? REASON_INTERRUPTED : REASON_DEADLINE, "%s: %s", what,
	          deadline_reason(h->deadline));
}

bool plan_has_failed(const struct resource *r)
{
	return !aside_is_waived(r) && (r->run.change.state == STATE_FAILED ||
	                               r->run.change.state == STATE_REFUSED);
}

bool plan_has_begun(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->run.begun)
			return true;
	return false;
}

bool plan_is_refused(const struct plan *p)
{
	return p->counts[STATE_REFUSED] && !plan_has_begun(p);
}

bool plan_waits_for_user(const struct change *c)
{
	return c->state == STATE_PENDING &&
	       (c->reason == REASON_PENDING_REBOOT || c->reason == REASON_WAIVER_EXPIRED);
}

bool plan_is_as_before(const struct resource *r)
{
	return !r->run.unread && plan_same_value(r->seen.had, r->seen.now);
}

bool plan_same_value(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

const char *plan_value(const char *value, const char *absent)
{
	return value ? value : absent;
}
