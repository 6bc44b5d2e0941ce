/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/apply.h"

#include "base/mem.h"
#include "bottlerocket/applier.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "engine/persist/attempts.h"
#include "engine/persist/change.h"
#include "engine/persist/files_apply.h"
#include "engine/persist/origins.h"
#include "engine/persist/persist.h"
#include "engine/persist/persisted.h"
#include "engine/persist/send.h"
#include "engine/persist/wait_applied.h"
#include "engine/plan.h"
#include "host/host.h"

#include <errno.h>

struct storing {
	struct sending sending;
	struct persist *s;
	struct plan *p;
	struct host *h;
};

/* --- what became of each resource ----------------------------------------------------
 */

/* Check the effect of a setting, now that the host had time to apply it. */
static void verify_effect(const struct persist *s, struct resource *r,
                          const struct host *h)
{
	struct persistence p = {PERSISTED_SAME, NULL, s->live, NULL,
	                        origins_of(s->origins, r->kind)};
	struct change c = {0};
	struct err e = {0};

	mem_set(&r->seen.now, NULL);
	if (r->kind->observe(r, h, &e) < 0) {
		plan_fail(r, REASON_NOT_READABLE,
		          "stored, but whether it is in effect is unknown: %s", e.text);
		return;
	}
	r->kind->attribute(r, &p, &c);
	if (c.reason == REASON_PENDING_REBOOT)
		r->run.change.reason = c.reason;
	else if (c.state == STATE_DRIFT)
		change_set(&r->run.change, STATE_FAILED, REASON_REFUSED_BY_KERNEL,
		           "stored, but the kernel has %s: the host does not "
		           "report why",
		           r->seen.now ? r->seen.now : "no such key");
	change_clear(&c);
}

/* Report a resource that is not persisted, after what is reported of its live value. */
static void fail_unstored(const struct persist *s, struct resource *r, const char *why)
{
	_free_ char *live = NULL;

	/* the rest of the profile continues on a host that is locked down */
	if (s->state == PERSIST_LOCKED && !persisted_is_setting(r))
		return;
	if (!persisted_is_setting(r))
		live = mem_format("%s, but not persisted: ",
		                  r->run.change.state == STATE_CHANGED
		                          ? r->run.change.message
		                          : "in effect");
	change_set(&r->run.change, STATE_FAILED, persist_reason(s), "%s%s",
	           live ? live : "", why);
}

/* Why the transaction with this resource's settings failed; NULL: it did not. */
static const char *why_refused(const struct storing *x, const struct node *wanted)
{
	const char *why = NULL;

	for (size_t i = 0; i < wanted->n && !why; i++)
		why = sending_why(&x->sending, wanted->items[i]->key);
	return why;
}

/* The server accepted the value and returns another one. */
static void fail_rewritten(struct persist *s, struct resource *r,
                           const struct persisted_diff *stored)
{
	persisted_fail_rewritten(stored, r, false);
	attempts_add(&s->not_kept, attempt_id(r, stored->wanted, stored->stored));
}

static void verify_one(struct storing *x, struct resource *r, bool applied)
{
	_free_ char *before = mem_dup(r->seen.persisted);
	_persisted_diff_ struct persisted_diff stored = {0};
	const char *why;

	if (!x->s->live) {
		mem_set(&r->seen.persisted, NULL);
		if (r->run.storing)
			fail_unstored(x->s, r, x->s->message);
		return;
	}
	persisted_compare(&stored, r, x->s->store, x->s->live);
	if (!r->run.storing)
		return;
	why = why_refused(x, stored.wanted);
	if (persisted_differs(&stored) && why)
		fail_unstored(x->s, r, why);
	else if (persisted_differs(&stored))
		fail_rewritten(x->s, r, &stored);
	if (persisted_differs(&stored))
		return;
	if (r->run.change.state == STATE_OK)
		change_set(&r->run.change, STATE_CHANGED, REASON_APPLIED,
		           "Bottlerocket settings: %s -> %s", before ? before : "nothing",
		           r->seen.persisted);
	if (applied && r->kind->shape == SECTION_TREE)
		verify_effect(x->s, r, x->h);
}

/* --- the whole -----------------------------------------------------------------------
 */

/*
 * Wait for the host to apply what was stored, if it must (sysctls). Return: whether it
 * was seen to, or need not.
 */
static bool wait_for_effect(struct storing *x, const struct node *all,
                            const struct applier *before)
{
	if (!sending_wakes_applier(&x->sending, all))
		return x->sending.stored;
	if (wait_applied(x->p, x->h, before))
		return applier_exists(before);
	mem_set(&x->s->message,
	        mem_dup("the settings are stored, but hosttune did not see the "
	                "host apply them (see journalctl -u settings-applier)"));
	return false;
}

/* What the journal lacks cannot be undone later: then nothing is stored. */
static bool is_recorded(const struct persist *s, struct plan *p, struct host *h,
                        const struct node *all)
{
	struct err e = {0};

	if (!p->journal || journaling_settings(p->journal, p, s->live, all, h, &e) == 0)
		return true;
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->run.storing)
			plan_fail(p->resources[i], REASON_NOT_JOURNALED,
			          "not persisted: %s", e.text);
	plan_count(p);
	return false;
}

/*
 * What differs from the settings, as a tree. If anything does, they are read again first:
 * the plan may have taken minutes, and what others stored since must stay. NULL: they
 * cannot be read.
 */
static struct node *collect_now(struct storing *x)
{
	_node_ struct node *all = persist_collect(x->s, x->p);

	if (all->n == 0)
		return TAKE_PTR(all);
	return sending_begin(&x->sending) < 0 ? NULL : persist_collect(x->s, x->p);
}

/* Return: whether the host was seen to apply what is stored. */
static bool store_change(struct storing *x, const struct node *all)
{
	struct applier before;

	applier_observe(x->h, &before);
	sending_run(&x->sending, all);
	return wait_for_effect(x, all, &before);
}

static void store_settings(struct persist *s, struct plan *p, struct host *h)
{
	bool separately = s->separately || p->continue_on_failure;
	struct storing x = {{.s = s, .h = h, .separately = separately}, s, p, h};
	_node_ struct node *all = NULL;
	bool applied = false;

	s->began = true;
	all = collect_now(&x);
	if (all && all->n > 0) {
		if (!is_recorded(s, p, h, all))
			return;
		applied = store_change(&x, all);
	}
	p->expired |= x.sending.code == -ETIMEDOUT && deadline_expired(h->deadline);
	for (size_t i = 0; i < p->n; i++)
		verify_one(&x, p->resources[i], applied);
	persist_report(s, p);
	sending_done(&x.sending);
}

void persist_apply(struct persist *s, struct plan *p, struct host *h)
{
	if (s->state == PERSIST_OK)
		store_settings(s, p, h);
	else if (s->files)
		files_apply(s, p, h);
}
