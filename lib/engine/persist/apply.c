/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/apply.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "bottlerocket/api.h"
#include "bottlerocket/applier.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "engine/persist/attempts.h"
#include "engine/persist/change.h"
#include "engine/persist/files_apply.h"
#include "engine/persist/origins.h"
#include "engine/persist/persist.h"
#include "engine/persist/persisted.h"
#include "engine/persist/wait_applied.h"
#include "engine/plan.h"
#include "host/host.h"

#include <errno.h>

/* --- sending -------------------------------------------------------------------------
 */

struct sending {
	struct persist *s;
	struct plan *p;
	struct host *h;
	struct node *refused; /* top-level keys that were not stored, and why; owned */
	bool stored;          /* some are stored */
	bool maybe;           /* some are, or may be, although a transaction failed */
};

/* Map an error of the API. -EREMOTEIO and -EBADMSG are answers of the server. */
static enum persist_state state_of(int code)
{
	switch (code) {
	case -ENOKEY: return PERSIST_LOCKED;
	case -EREMOTEIO:
	case -EBADMSG: return PERSIST_REFUSED;
	default: return PERSIST_UNREACHABLE; /* its socket existed before */
	}
}

/* Store one tree in one transaction. Return: 0 or -errno, as recorded. */
static int send(struct sending *x, const struct node *tree)
{
	struct err e = {0};
	bool maybe = false;
	int code = api_change(x->h, x->s->api, tree, &maybe, &e);

	x->stored |= code == 0;
	x->maybe |= maybe;
	if (code == 0)
		return 0;
	x->p->expired |= code == -ETIMEDOUT && deadline_expired(x->h->deadline);
	persist_fail(x->s, state_of(code), e.text);
	node_for_each (top, tree)
		node_set_text(x->refused, top->key, e.text);
	return code;
}

/* "settings.motd: PATCH /settings: 400: no; ...; the others are stored" */
static void report_refused(struct sending *x)
{
	_buf_ struct buf b = {0};

	node_for_each (top, x->refused) {
		_free_ char *text = mem_format("settings.%s: %s", top->key, top->text);

		buf_join(&b, "; ", text);
	}
	if (b.len == 0)
		return;
	buf_add(&b, x->stored ? "; the other settings are stored" : "");
	persist_fail(x->s, x->s->state, b.text);
}

static void send_each(struct sending *x, const struct node *all)
{
	int code = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct node *top = all->items[i];
		_node_ struct node *one = node_new(NODE_MAP);

		node_set(one, top->key, node_copy(top));
		/* if the server is gone, the rest fails like this one */
		if (code < 0 && state_of(code) != PERSIST_REFUSED)
			node_set_text(x->refused, top->key, x->s->message);
		else
			code = send(x, one);
	}
	report_refused(x);
}

static void send_all(struct sending *x, const struct node *all)
{
	int code = send(x, all);

	/* a transaction that may have been committed is not sent again */
	if (code == 0 || state_of(code) != PERSIST_REFUSED || x->maybe || all->n < 2 ||
	    !(x->s->separately || x->p->continue_on_failure))
		return;
	node_free(x->refused);
	x->refused = node_new(NODE_MAP);
	x->s->state = PERSIST_OK;
	mem_set(&x->s->message, NULL);
	send_each(x, all);
}

/* Read the settings again if they may have changed. */
static void read_back(struct sending *x)
{
	struct err e = {0};

	if (!x->stored && !x->maybe)
		return;
	node_free(TAKE_PTR(x->s->live));
	/* the first failure explains the others */
	if (api_settings(x->s->api, &x->s->live, &e) < 0 && x->s->state == PERSIST_OK)
		persist_fail(x->s, PERSIST_UNREACHABLE, e.text);
}

/* --- what became of each resource ----------------------------------------------------
 */

/* Check the effect of a setting, now that the host had time to apply it. */
static void verify_effect(const struct persist *s, struct resource *r,
                          const struct host *h)
{
	struct persistence p = {PERSISTED_SAME, NULL, s->live, NULL,
	                        origins_of(s->origins, r->kind)};
	struct change c = {0};
	struct err ignored;

	mem_set(&r->seen.now, NULL);
	if (r->kind->observe(r, h, &ignored) == 0)
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
static const char *why_refused(const struct sending *x, const struct node *wanted)
{
	node_for_each (top, wanted) {
		const struct node *why = node_get(x->refused, top->key);

		if (why)
			return why->text;
	}
	return NULL;
}

/* The server accepted the value and returns another one. */
static void fail_rewritten(struct persist *s, struct resource *r,
                           const struct persisted_diff *stored)
{
	persisted_fail_rewritten(stored, r, false);
	attempts_add(&s->not_kept, attempt_id(r, stored->wanted, stored->stored));
}

static void verify_one(struct sending *x, struct resource *r, bool applied)
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

/* If `all` contains what the host must apply (sysctls), wait for it. */
static bool wait_for_effect(struct persist *s, struct plan *p, struct host *h,
                            const struct node *all, const struct applier *before)
{
	if (!applier_concerns(all))
		return true;
	if (wait_applied(p, h, before))
		return applier_exists(before);
	mem_set(&s->message,
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

static void store_settings(struct persist *s, struct plan *p, struct host *h)
{
	struct sending x = {.s = s, .p = p, .h = h};
	_node_ struct node *all = NULL;
	struct applier before;
	bool applied = false;

	s->began = true;
	x.refused = node_new(NODE_MAP);
	all = persist_collect(s, p);
	if (all->n > 0 && !is_recorded(s, p, h, all)) {
		node_free(x.refused);
		return;
	}
	if (all->n > 0) {
		applier_observe(h, &before);
		send_all(&x, all);
		read_back(&x);
		if (x.stored)
			applied = wait_for_effect(s, p, h, all, &before);
	}
	for (size_t i = 0; i < p->n; i++)
		verify_one(&x, p->resources[i], applied);
	persist_report(s, p);
	node_free(x.refused);
}

void persist_apply(struct persist *s, struct plan *p, struct host *h)
{
	if (s->state == PERSIST_OK)
		store_settings(s, p, h);
	else if (s->files)
		files_apply(s, p, h);
}
