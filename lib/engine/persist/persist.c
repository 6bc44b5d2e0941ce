/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/persist.h"

#include "base/mem.h"
#include "bottlerocket/api.h"
#include "doc/node.h"
#include "engine/persist/attempts.h"
#include "engine/persist/files.h"
#include "engine/persist/origins.h"
#include "engine/persist/persisted.h"
#include "engine/persist/store.h"
#include "engine/plan.h"
#include "host/host.h"
#include "profile/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool any_persists(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind->persist && !p->resources[i]->spec.no_persist &&
		    (persisted_may_store(p->resources[i]) ||
		     p->resources[i]->run.elsewhere))
			return true;
	return false;
}

void persist_fail(struct persist *s, enum persist_state state, const char *message)
{
	s->state = state;
	mem_set(&s->message, mem_dup(message));
}

const char *persist_state_word(enum persist_state s)
{
	static const char *const words[] = {
		[PERSIST_UNUSED] = "unused",   [PERSIST_ABSENT] = "absent",
		[PERSIST_OK] = "ok",           [PERSIST_UNREACHABLE] = "unreachable",
		[PERSIST_REFUSED] = "refused", [PERSIST_LOCKED] = "locked",
	};

	return s < ARRAY_SIZE(words) ? words[s] : NULL;
}

bool persist_failed(const struct persist *s)
{
	switch (s->state) {
	case PERSIST_UNUSED:
	case PERSIST_OK: return false;
	case PERSIST_ABSENT:
	case PERSIST_LOCKED: return s->needed;
	case PERSIST_UNREACHABLE:
	case PERSIST_REFUSED: break;
	}
	return true;
}

enum reason persist_reason(const struct persist *s)
{
	return s->state == PERSIST_REFUSED  ? REASON_API_REFUSED
	       : s->state == PERSIST_LOCKED ? REASON_API_LOCKED
	                                    : REASON_API_UNREACHABLE;
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
			           "the API is not used (%s)",
			           h->no_api ? h->no_api : "--no-api");
		else
			change_set(&r->run.change, STATE_FAILED, persist_reason(s), "%s",
			           s->message);
	}
	plan_count(p);
}

/* The path of the file that the kind's own values persist in; NULL: in the settings. */
static char *own_file(const struct persist *s)
{
	return s->files ? stored_path(STORED_SYSCTL, s->files->name) : NULL;
}

static bool has_settings(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind->shape == SECTION_TREE &&
		    !p->resources[i]->spec.excluded && !p->resources[i]->run.aside)
			return true;
	return false;
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

/*
 * What this process cannot see of the host, such as the System V limits from a container,
 * the settings still set there: they are all there is to compare.
 */
static void compare_settings_only(struct plan *p, const struct host *h)
{
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (!r->run.elsewhere || !r->kind->persist || r->spec.no_persist ||
		    r->spec.no_setting)
			continue;
		r->run.by_settings = true;
		plan_observe_one(p, r, h);
	}
}

/* An earlier run sent this change, and the server stored another value. */
static void fail_tried(const struct persist *s, struct resource *r,
                       const struct persisted_diff *stored)
{
	enum reason reason = r->run.change.reason;

	if ((reason != REASON_NOT_PERSISTED && reason != REASON_NOT_SET &&
	     reason != REASON_PERSISTED_DIFFERS) ||
	    !attempts_have(s->tried, attempt_id(r, stored->wanted, stored->stored)))
		return;
	persisted_fail_rewritten(stored, r, true);
}

/* Nothing is stored for a bound that the live value may satisfy: it is unknown here. */
static void fail_bound(const struct persisted_diff *stored, struct resource *r)
{
	if (r->run.change.reason != REASON_LIVE_HIDDEN ||
	    stored->state != PERSISTED_NOTHING)
		return;
	plan_fail(
		r, REASON_NOT_READABLE,
		"a bound needs the live value, which is that of another namespace here");
	change_remedy(&r->run.change, "give a value without min or max");
}

/* Even without settings, files may explain why something differs. */
void persist_report(const struct persist *s, struct plan *p)
{
	_free_ char *file = own_file(s);

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_persisted_diff_ struct persisted_diff stored = {0};

		if (s->live) {
			persisted_compare(&stored, r, s->store, s->live);
			s->store->report(s->files, &stored, r);
			fail_bound(&stored, r);
		}
		if (s->live || r->run.change.state == STATE_DRIFT)
			persisted_attribute(&stored, r, file,
			                    origins_of(s->origins, r->kind));
		if (s->live)
			fail_tried(s, r, &stored);
	}
	plan_count(p);
}

/* Without the API, files persist what they can. */
static void read_files(struct persist *s, const struct plan *p,
                       const struct profile *profile, const struct host *h)
{
	if (persisting_is_stored(profile)) {
		mem_set(&s->message, NULL);
		s->needed = has_settings(p);
		return;
	}
	s->files = persisting_read(p, profile, h);
	if (!s->files)
		return;
	s->store = &persist_files;
	s->needed = has_settings(p);
	if (s->files->asked && !s->files->unknown)
		s->live = persisting_tree(s->files);
}

void persist_observe(struct persist *s, struct plan *p, const struct profile *profile,
                     const struct host *h)
{
	bool settings = has_settings(p);

	s->store = &persist_settings;
	s->needed = profile->persist_explicit || settings;
	for (size_t i = 0; !profile->persist && i < p->n; i++)
		if (p->resources[i]->kind->shape != SECTION_TREE)
			p->resources[i]->spec.no_persist = true;
	if (h->api_socket && any_persists(p))
		read_settings(s, p, h);
	if (s->state == PERSIST_OK)
		compare_settings_only(p, h);
	if (!h->api_named && (s->state == PERSIST_UNUSED || s->state == PERSIST_ABSENT))
		read_files(s, p, profile, h);
	if (s->live || p->counts[STATE_DRIFT])
		s->origins = origins_read(p, h);
	if (s->state != PERSIST_OK)
		fail_settings(s, p, h);
	/* the files take the place of the API */
	if (s->files && !s->needed &&
	    (!s->files->locked || (s->files->recorded && s->files->asked)))
		mem_set(&s->message, NULL);
	persist_report(s, p);
}

void persist_explain(const struct persist *s, struct plan *p)
{
	bool unknown = s->state == PERSIST_UNREACHABLE;

	if (s->live || (!unknown && !(s->needed && s->message)))
		return;
	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_free_ char *did = mem_dup(r->run.change.message);

		if (!r->kind->persist || r->spec.no_persist ||
		    r->kind->shape == SECTION_TREE ||
		    (r->run.change.state != STATE_OK &&
		     r->run.change.state != STATE_CHANGED))
			continue;
		change_set(&r->run.change, r->run.change.state, persist_reason(s),
		           "%s, but %s: %s", did ? did : "in sync",
		           unknown ? "hosttune cannot check whether it is persisted"
		                   : "it cannot be persisted",
		           s->message);
	}
}

struct node *persist_branch(const struct persist *s, const struct resource *r)
{
	_node_ struct node *branch = node_new(NODE_MAP);
	const struct node *live = s->live;
	struct node *at = branch, *above = NULL;

	if (s->state == PERSIST_OK && live && r->kind->persist)
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
	persisting_free(s->files);
	node_free(s->live);
	node_free(s->services);
	origins_free(s->origins);
	free(s->message);
	attempts_done(&s->not_kept);
	*s = (struct persist){0};
}
