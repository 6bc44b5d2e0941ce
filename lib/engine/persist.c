/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist.h"

#include "base/mem.h"
#include "bottlerocket/api.h"
#include "bottlerocket/applier.h"
#include "doc/node.h"
#include "engine/origins.h"
#include "engine/persisted.h"
#include "engine/plan.h"
#include "engine/wait_applied.h"
#include "host/host.h"
#include "profile/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool persists(const struct resource *r)
{
	return r->run.change.state != STATE_FAILED &&
	       r->run.change.state != STATE_REFUSED &&
	       r->run.change.state != STATE_SKIPPED &&
	       r->run.change.reason != REASON_NOT_ATTEMPTED;
}

static bool any_persists(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind->persist && !p->resources[i]->spec.no_persist &&
		    persists(p->resources[i]))
			return true;
	return false;
}

static void persist_fail(struct persist *s, enum persist_state state, const char *message)
{
	s->state = state;
	mem_set(&s->message, mem_dup(message));
}

/* A setting exists only in the API: without the API it fails. */
static void fail_settings(const struct persist *s, struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (r->kind->shape != SECTION_TREE || r->run.change.state != STATE_OK)
			continue;
		if (!h->api_socket)
			change_set(&r->run.change, STATE_SKIPPED, REASON_API_UNUSED,
			           "the API is not used (--no-api)");
		else
			change_set(&r->run.change, STATE_FAILED,
			           s->state == PERSIST_REFUSED  ? REASON_API_REFUSED
			           : s->state == PERSIST_LOCKED ? REASON_API_LOCKED
			                                        : REASON_API_UNREACHABLE,
			           "%s", s->message);
	}
	plan_count(p);
}

static bool has_settings(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind->shape == SECTION_TREE &&
		    !p->resources[i]->spec.excluded)
			return true;
	return false;
}

/* Map an error of the API. -EREMOTEIO and -EBADMSG are answers of the server. */
static enum persist_state state_of(int code)
{
	switch (code) {
	case -ENOENT: return PERSIST_ABSENT;
	case -ENOKEY: return PERSIST_LOCKED;
	case -EREMOTEIO:
	case -EBADMSG: return PERSIST_REFUSED;
	default: return PERSIST_UNREACHABLE;
	}
}

static void read_settings(struct persist *s, struct plan *p, const struct host *h)
{
	struct err e = {0};
	int code = api_open(h, &s->api, &e);

	if (code == -ENOENT) {
		persist_fail(s, PERSIST_ABSENT, e.text);
		return;
	}
	if (code == 0)
		code = api_settings(s->api, &s->live, &e);
	if (code < 0)
		persist_fail(s, code == -ENOKEY ? PERSIST_LOCKED : PERSIST_UNREACHABLE,
		             e.text);
	else
		s->state = PERSIST_OK;
	p->expired |= code == -ETIMEDOUT && deadline_expired(h->deadline);
}

/* Even without settings, files may explain why something differs. */
static void report_all(struct persist *s, struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_persisted_diff_ struct persisted_diff stored = {0};

		if (s->state == PERSIST_OK)
			persisted_compare(&stored, r, s->live);
		if (s->state == PERSIST_OK || r->run.change.state == STATE_DRIFT)
			persisted_attribute(&stored, r, origins_of(s->origins, r->kind));
	}
	plan_count(p);
}

void persist_observe(struct persist *s, struct plan *p, const struct profile *profile,
                     const struct host *h)
{
	bool settings = has_settings(p);

	*s = (struct persist){.needed = profile->persist_explicit || settings};
	for (size_t i = 0; !profile->persist && i < p->n; i++)
		if (p->resources[i]->kind->shape != SECTION_TREE)
			p->resources[i]->spec.no_persist = true;
	if (h->api_socket && any_persists(p))
		read_settings(s, p, h);
	if (s->state == PERSIST_OK || p->counts[STATE_DRIFT])
		s->origins = origins_read(p, h);
	if (s->state != PERSIST_OK)
		fail_settings(s, p, h);
	report_all(s, p);
}

/* Merge `from` into `into`, maps recursively. Takes ownership of `from`. */
static void unite(struct node *into, struct node *from)
{
	for (size_t i = 0; i < from->n; i++) {
		struct node *value = from->items[i];
		struct node *had = node_get(into, value->key);
		_free_ char *key = mem_dup(value->key);

		if (had && had->type == NODE_MAP && value->type == NODE_MAP)
			unite(had, value);
		else
			node_set(into, key, value);
	}
	from->n = 0;
	node_free(from);
}

/*
 * The API accepts some mappings only whole (both limits of a resource). Next to a setting
 * that changes, send its neighbours unchanged.
 */
static void add_neighbours(struct node *all, const struct node *live,
                           const struct node *branch)
{
	while (branch->n == 1 && branch->items[0]->type == NODE_MAP) {
		branch = branch->items[0];
		all = node_get(all, branch->key);
		live = node_get(live, branch->key);
	}
	if (!live || live->type != NODE_MAP)
		return;
	node_for_each (item, live)
		if (item->type == NODE_SCALAR && !node_get(all, item->key))
			node_set(all, item->key, node_copy(item));
}

/* Collect everything that differs, as one tree. */
static struct node *collect(const struct persist *s, struct plan *p)
{
	struct node *all = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_persisted_diff_ struct persisted_diff stored = {0};

		persisted_compare(&stored, r, s->live);
		r->run.storing = persisted_differs(&stored) && persists(r);
		if (r->run.storing)
			unite(all, TAKE_PTR(stored.wanted));
	}
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_persisted_diff_ struct persisted_diff stored = {0};

		if (!r->run.storing || r->kind->shape != SECTION_TREE)
			continue;
		persisted_compare(&stored, r, s->live);
		add_neighbours(all, s->live, stored.wanted);
	}
	return all;
}

void persist_ask_services(struct persist *s, struct plan *p)
{
	_node_ struct node *all = s->state == PERSIST_OK ? collect(s, p) : NULL;
	struct err ignored;

	if (all && all->n > 0)
		(void)api_services(s->api, all, &s->services, &ignored);
}

/* Check the effect of a setting, now that the host had time to apply it. */
static void verify_effect(const struct persist *s, struct resource *r,
                          const struct host *h)
{
	struct persistence p = {PERSISTED_SAME, NULL, s->live,
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

static void verify_one(const struct persist *s, struct resource *r, const struct host *h,
                       bool applied)
{
	_free_ char *before = mem_dup(r->seen.persisted);
	_persisted_diff_ struct persisted_diff stored = {0};

	persisted_compare(&stored, r, s->live);
	if (!r->run.storing)
		return;
	if (persisted_differs(&stored)) {
		change_set(&r->run.change, STATE_FAILED, REASON_NOT_KEPT,
		           "stored in the Bottlerocket settings, but read back as %s",
		           stored.text ? stored.text : "nothing");
		return;
	}
	if (r->run.change.state == STATE_OK)
		change_set(&r->run.change, STATE_CHANGED, REASON_APPLIED,
		           "Bottlerocket settings: %s -> %s", before ? before : "nothing",
		           r->seen.persisted);
	if (applied && r->kind->shape == SECTION_TREE)
		verify_effect(s, r, h);
}

static void fail_change(struct persist *s, struct plan *p, const struct host *h, int code,
                        const struct err *e)
{
	enum persist_state state = state_of(code);

	p->expired |= code == -ETIMEDOUT && deadline_expired(h->deadline);
	/* its socket existed before */
	persist_fail(s, state == PERSIST_ABSENT ? PERSIST_UNREACHABLE : state, e->text);
	fail_settings(s, p, h);
}

/* Store `all` and read it back. Return: false if it is not stored, as reported. */
static bool change(struct persist *s, struct plan *p, struct host *h,
                   const struct node *all, struct err *e)
{
	int code = api_change(h, s->api, all, e);

	if (code < 0) {
		fail_change(s, p, h, code, e);
		return false;
	}
	node_free(TAKE_PTR(s->live));
	if (api_settings(s->api, &s->live, e) == 0)
		return true;
	persist_fail(s, PERSIST_UNREACHABLE, e->text);
	return false;
}

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

void persist_apply(struct persist *s, struct plan *p, struct host *h)
{
	_node_ struct node *all = NULL;
	struct applier before;
	struct err e = {0};
	bool applied = true;

	if (s->state != PERSIST_OK)
		return;
	all = collect(s, p);
	if (all->n > 0) {
		applier_observe(h, &before);
		if (!change(s, p, h, all, &e))
			return;
		applied = wait_for_effect(s, p, h, all, &before);
	}
	for (size_t i = 0; i < p->n; i++)
		verify_one(s, p->resources[i], h, applied);
	report_all(s, p);
}

struct node *persist_branch(const struct persist *s, const struct resource *r)
{
	_node_ struct node *branch = node_new(NODE_MAP);
	const struct node *live = s->live;
	struct node *at = branch, *above = NULL;

	if (live && r->kind->persist)
		r->kind->persist(r, live, branch);
	while (at->type == NODE_MAP && at->n == 1) {
		above = at;
		at = at->items[0];
		live = node_get(live, at->key);
	}
	if (!above || !live)
		return NULL;
	node_set(above, at->key, node_copy(live));
	return TAKE_PTR(branch);
}

void persist_done(struct persist *s)
{
	api_free(s->api);
	node_free(s->live);
	node_free(s->services);
	origins_free(s->origins);
	free(s->message);
	*s = (struct persist){0};
}
