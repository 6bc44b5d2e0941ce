/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/persisted.h"

#include "base/mem.h"
#include "bottlerocket/form.h"
#include "bottlerocket/secret.h"
#include "bottlerocket/setting.h"
#include "doc/json.h"
#include "doc/node.h"
#include "engine/persist/store.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	struct persisted_diff *stored;
	const char **path; /* the keys above the current value */
	size_t depth, room;
	size_t leaves;
};

static char *persisted_text_of(const struct node *n)
{
	return n->type == NODE_SCALAR ? mem_dup(n->text) : node_json_line(n);
}

/* For reports: without secrets. */
static char *shown(const struct walk *w, const struct node *live)
{
	/* the path without "settings" */
	_node_ struct node *hidden = secret_hide(w->path + 1, w->depth - 1, live);

	return persisted_text_of(hidden);
}

/* The first leaf is the main setting: it has the resource's own name. */
static void persisted_note(struct walk *w, enum persisted_state state,
                           const struct node *live)
{
	struct persisted_diff *s = w->stored;

	if (s->state != PERSISTED_SAME && s->state != PERSISTED_NOTHING)
		return;
	s->state = state;
	if (state == PERSISTED_SAME)
		return;
	s->text = live ? shown(w, live) : NULL;
	s->secret = live && secret_any(w->path + 1, w->depth - 1, live);
	if (w->leaves > 1)
		s->path = setting_path_format(w->path, w->depth);
}

static void walk_enter(struct walk *w, const char *key)
{
	if (w->depth == w->room) {
		w->room = w->room ? 2 * w->room : 16;
		w->path = mem_resize(w->path, w->room, sizeof(*w->path));
	}
	w->path[w->depth++] = key;
}

static void persisted_walk(struct walk *w, const struct node *wanted,
                           const struct node *live)
{
	bool same;

	if (wanted->type == NODE_MAP) {
		node_for_each (item, wanted) {
			walk_enter(w, item->key);
			persisted_walk(w, item, node_get(live, item->key));
			w->depth--;
		}
		return;
	}
	w->leaves++;
	/* the path without "settings" */
	same = setting_form_same(w->path + 1, w->depth - 1, wanted, live);
	persisted_note(w,
	               !live  ? PERSISTED_ABSENT
	               : same ? PERSISTED_SAME
	                      : PERSISTED_OTHER,
	               live);
}

static bool has_leaf(const struct node *n)
{
	node_for_each (item, n)
		if (n->type != NODE_MAP || item->type != NODE_MAP)
			return true;
	return n->type != NODE_MAP;
}

/*
 * Read what the settings contain for a resource: the value of its setting, or the
 * members of its mapping. What is stored next to it (a module) is not included.
 */
static void persisted_read(struct walk *w, struct resource *r, const struct node *wanted,
                           const struct node *live)
{
	_node_ struct node *members = NULL;

	while (wanted->type == NODE_MAP && wanted->n > 0 && live &&
	       (wanted->n == 1 || !has_leaf(wanted))) {
		wanted = wanted->items[0];
		live = node_get(live, wanted->key);
		walk_enter(w, wanted->key);
	}
	if (live && wanted->type == NODE_MAP && live->type == NODE_MAP) {
		members = node_new(NODE_MAP);
		node_for_each (item, wanted)
			if (node_get(live, item->key))
				node_set(members, item->key,
				         node_copy(node_get(live, item->key)));
		live = members->n > 0 ? members : NULL;
	}
	if (!live)
		return;
	mem_set(&r->seen.persisted, shown(w, live));
	w->stored->stored = persisted_text_of(live);
}

void persisted_compare(struct persisted_diff *s, struct resource *r,
                       const struct persist_store *store, const struct node *live)
{
	struct walk w = {.stored = s};

	*s = (struct persisted_diff){.wanted = node_new(NODE_MAP), .live = live};
	mem_set(&r->seen.persisted, NULL);
	if (!r->spec.no_persist && r->run.change.state != STATE_SKIPPED)
		store->want(r, live, s->wanted);
	if (s->wanted->n == 0)
		return;
	walk_enter(&w, "settings");
	persisted_walk(&w, s->wanted, live);
	persisted_read(&w, r, s->wanted, live);
	free(w.path);
}

bool persisted_may_store(const struct resource *r)
{
	return r->run.change.state != STATE_FAILED &&
	       r->run.change.state != STATE_REFUSED &&
	       r->run.change.state != STATE_SKIPPED &&
	       r->run.change.reason != REASON_NOT_ATTEMPTED;
}

bool persisted_differs(const struct persisted_diff *s)
{
	return s->state == PERSISTED_ABSENT || s->state == PERSISTED_OTHER;
}

bool persisted_is_setting(const struct resource *r)
{
	return r->kind->shape == SECTION_TREE || r->run.by_settings;
}

static void report_absent(const struct persisted_diff *s, struct resource *r)
{
	struct change *c = &r->run.change;

	if (persisted_is_setting(r))
		change_set(c, STATE_DRIFT, REASON_NOT_SET,
		           "not set in the Bottlerocket settings");
	else
		change_set(c, STATE_DRIFT, REASON_NOT_PERSISTED,
		           "%s%snot in the Bottlerocket settings: lost at the next boot",
		           s->path ? s->path : "", s->path ? " is " : "");
	change_remedy(c, "hosttune apply");
}

static void report_other(const struct persisted_diff *s, struct change *c)
{
	change_set(c, STATE_DRIFT, REASON_PERSISTED_DIFFERS,
	           "the Bottlerocket settings hold %s%s%s", s->text,
	           s->path ? " for " : "", s->path ? s->path : "");
	change_remedy(c, "hosttune apply");
}

/* A value that is correct but would be lost at the next boot is drift. */
static void settings_report(const struct persisting *files,
                            const struct persisted_diff *s, struct resource *r)
{
	(void)files;
	if (r->run.change.state != STATE_OK)
		return;
	if (s->state == PERSISTED_ABSENT)
		report_absent(s, r);
	else if (s->state == PERSISTED_OTHER)
		report_other(s, &r->run.change);
}

static void settings_want(const struct resource *r, const struct node *live,
                          struct node *wanted)
{
	if (r->kind->persist)
		r->kind->persist(r, live, wanted);
}

const struct persist_store persist_settings = {
	.want = settings_want,
	.report = settings_report,
};

void persisted_attribute(const struct persisted_diff *s, struct resource *r,
                         const char *file, const void *origins)
{
	if (r->kind->attribute)
		r->kind->attribute(r,
		                   &(struct persistence){s->state, s->path,
		                                         file ? NULL : s->live, file,
		                                         origins},
		                   &r->run.change);
}

void persisted_fail_rewritten(const struct persisted_diff *s, struct resource *r,
                              bool earlier)
{
	const char *again = earlier ? "; it is not sent again" : "";

	if (s->secret)
		change_set(&r->run.change, STATE_FAILED, REASON_NOT_KEPT,
		           "the server stored another value, which is secret%s", again);
	else if (!s->text || s->path)
		change_set(
			&r->run.change, STATE_FAILED, REASON_NOT_KEPT,
			"stored in the Bottlerocket settings, but read back as %s%s%s%s",
			s->text ? s->text : "nothing", s->path ? " for " : "",
			s->path ? s->path : "", again);
	else
		change_set(&r->run.change, STATE_FAILED, REASON_NOT_KEPT,
		           "the server stored %s as %s%s", r->spec.want, s->text, again);
	if (s->text && !s->path && !s->secret)
		change_remedy(&r->run.change, "write %s in the profile", s->text);
}

void persisted_diff_done(struct persisted_diff *s)
{
	free(s->path);
	free(s->text);
	free(s->stored);
	node_free(s->wanted);
	*s = (struct persisted_diff){0};
}
