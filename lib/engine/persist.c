/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist.h"

#include "base/mem.h"
#include "doc/node.h"
#include "engine/plan.h"
#include "engine/profile.h"
#include "host/host.h"
#include "host/host_api.h"
#include "kinds/setting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What one resource is worth to the settings. */
enum stored { STORED_NOTHING, STORED_SAME, STORED_ABSENT, STORED_OTHER };

static bool keeps(const struct resource *r)
{
	return r->kind->persist && !r->no_persist && r->change.state != STATE_FAILED &&
	       r->change.state != STATE_REFUSED && r->change.state != STATE_SKIPPED;
}

/* The part of `live` where `wanted`, which has one branch, has its leaf. */
static const struct node *follow(const struct node *live, const struct node *wanted,
                                 const struct node **ret_leaf)
{
	while (wanted->type == NODE_MAP && wanted->n == 1) {
		wanted = wanted->items[0];
		live = node_get(live, wanted->key);
	}
	*ret_leaf = wanted;
	return live;
}

static char *text_of(const struct node *n)
{
	return n->type == NODE_SCALAR ? mem_dup(n->text) : node_format(n);
}

/* Compare one resource with the settings; its tree of wanted ones is owned. */
static enum stored compare(const struct persist *s, struct resource *r,
                           struct node **ret_wanted)
{
	struct node *wanted = node_new(NODE_MAP);
	const struct node *leaf, *live;

	*ret_wanted = wanted;
	mem_set(&r->persisted, NULL);
	if (keeps(r))
		r->kind->persist(r, s->live, wanted);
	if (wanted->n == 0)
		return STORED_NOTHING;
	live = follow(s->live, wanted, &leaf);
	if (!live)
		return STORED_ABSENT;
	r->persisted = text_of(live);
	return setting_same(leaf, live) ? STORED_SAME : STORED_OTHER;
}

/* A live value that is right and would not be so after a reboot is drift, too. */
static void tell(struct resource *r, enum stored stored)
{
	if (r->change.state != STATE_OK)
		return;
	if (stored == STORED_ABSENT)
		change_set(&r->change, STATE_DRIFT, REASON_NOT_PERSISTED,
		           "not in the Bottlerocket settings: lost at the next boot");
	else if (stored == STORED_OTHER)
		change_set(&r->change, STATE_DRIFT, REASON_PERSISTED_DIFFERS,
		           "the Bottlerocket settings hold %s", r->persisted);
	else
		return;
	change_remedy(&r->change, "hosttune apply");
}

static void fail(struct persist *s, enum persist_state state, const char *message)
{
	s->state = state;
	mem_set(&s->message, mem_dup(message));
}

/* What is only a setting has no other place to be: without the API it fails. */
static void fail_settings(const struct persist *s, struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (r->kind->shape == SECTION_TREE && r->change.state == STATE_OK)
			change_set(&r->change, STATE_FAILED,
			           s->state == PERSIST_REFUSED ? REASON_API_REFUSED
			                                       : REASON_API_UNREACHABLE,
			           "%s",
			           s->message ? s->message : "no API is used (--no-api)");
	}
	plan_count(p);
}

static bool has_settings(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind->shape == SECTION_TREE &&
		    !p->resources[i]->left_out)
			return true;
	return false;
}

static bool any_keeps(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (keeps(p->resources[i]))
			return true;
	return false;
}

static void read_settings(struct persist *s, const struct host *h)
{
	struct err e = {0};
	int r = host_api_open(h, &s->api, &e);

	if (r == -ENOENT)
		fail(s, PERSIST_ABSENT, e.text);
	else if (r < 0 || host_api_settings(s->api, &s->live, &e) < 0)
		fail(s, PERSIST_UNREACHABLE, e.text);
	else
		s->state = PERSIST_OK;
}

void persist_observe(struct persist *s, struct plan *p, const struct profile *profile,
                     const struct host *h)
{
	bool settings = has_settings(p);

	*s = (struct persist){.needed = profile->persist_explicit || settings};
	if (!h->api_socket || !(profile->persist || settings) || !any_keeps(p)) {
		fail_settings(s, p);
		return;
	}
	read_settings(s, h);
	if (s->state != PERSIST_OK) {
		fail_settings(s, p);
		return;
	}
	for (size_t i = 0; i < p->n; i++) {
		_node_ struct node *wanted = NULL;
		struct resource *r = p->resources[i];

		if (profile->persist || r->kind->shape == SECTION_TREE)
			tell(r, compare(s, r, &wanted));
		else
			r->no_persist = true;
	}
	plan_count(p);
}

/* The members of `from` into `into`, maps in maps. */
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
 * The API takes some mappings only whole (both limits of a resource): beside a setting
 * that changes, send its neighbours as they are.
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

/* All that differs, as one tree. */
static struct node *collect(const struct persist *s, struct plan *p)
{
	struct node *all = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		struct node *wanted;
		enum stored stored = compare(s, r, &wanted);

		r->storing = stored == STORED_ABSENT || stored == STORED_OTHER;
		if (r->storing)
			unite(all, wanted);
		else
			node_free(wanted);
	}
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_node_ struct node *branch = NULL;

		if (!r->storing || r->kind->shape != SECTION_TREE)
			continue;
		(void)compare(s, r, &branch);
		add_neighbours(all, s->live, branch);
	}
	return all;
}

/* After the change: every resource must now be stored. */
static void verify(struct persist *s, struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_node_ struct node *wanted = NULL;
		_free_ char *before = mem_dup(r->persisted);
		enum stored stored = compare(s, r, &wanted);

		if (stored == STORED_ABSENT || stored == STORED_OTHER)
			change_set(
				&r->change, STATE_FAILED, REASON_NOT_KEPT,
				"stored in the Bottlerocket settings, but read back as %s",
				r->persisted ? r->persisted : "nothing");
		else if (r->storing && r->change.state == STATE_OK)
			change_set(&r->change, STATE_CHANGED, REASON_APPLIED,
			           "Bottlerocket settings: %s -> %s",
			           before ? before : "nothing", r->persisted);
	}
}

void persist_apply(struct persist *s, struct plan *p, struct host *h)
{
	_node_ struct node *all = NULL;
	struct err e = {0};
	int r;

	if (s->state != PERSIST_OK)
		return;
	all = collect(s, p);
	if (all->n == 0)
		return;
	r = host_api_change(h, s->api, all, &e);
	if (r < 0) {
		/* with these two it answered, with the others it did not */
		fail(s,
		     r == -EREMOTEIO || r == -EBADMSG ? PERSIST_REFUSED
		                                      : PERSIST_UNREACHABLE,
		     e.text);
		fail_settings(s, p);
		return;
	}
	node_free(s->live);
	s->live = NULL;
	if (host_api_settings(s->api, &s->live, &e) < 0) {
		fail(s, PERSIST_UNREACHABLE, e.text);
		return;
	}
	verify(s, p);
	plan_count(p);
}

void persist_done(struct persist *s)
{
	host_api_free(s->api);
	node_free(s->live);
	free(s->message);
	*s = (struct persist){0};
}
