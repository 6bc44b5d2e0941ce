/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/stored.h"

#include "base/mem.h"
#include "doc/node.h"
#include "doc/node_yaml.h"
#include "kinds/setting.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	struct stored *stored;
	const char *path[NODE_YAML_DEPTH_MAX + 4];
	size_t depth;
	size_t leaves;
};

static char *text_of(const struct node *n)
{
	return n->type == NODE_SCALAR ? mem_dup(n->text) : node_format(n);
}

/* The first leaf is the main one: its name is the resource's own. */
static void note(struct walk *w, enum kept kept, const struct node *live)
{
	struct stored *s = w->stored;

	if (s->kept != KEPT_SAME && s->kept != KEPT_NOTHING)
		return;
	s->kept = kept;
	if (kept == KEPT_SAME)
		return;
	s->text = live ? text_of(live) : NULL;
	if (w->leaves > 1)
		s->path = setting_path_format(w->path, w->depth);
}

static void compare(struct walk *w, const struct node *wanted, const struct node *live)
{
	if (wanted->type == NODE_MAP) {
		node_for_each (item, wanted) {
			if (w->depth == ARRAY_SIZE(w->path))
				return;
			w->path[w->depth++] = item->key;
			compare(w, item, node_get(live, item->key));
			w->depth--;
		}
		return;
	}
	w->leaves++;
	note(w,
	     !live                        ? KEPT_ABSENT
	     : setting_same(wanted, live) ? KEPT_SAME
	                                  : KEPT_OTHER,
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
 * What the settings have of a resource, as one text: the value of its setting, or the
 * members of its mapping. What is kept beside it (a module) is not part of it.
 */
static char *persisted(const struct node *wanted, const struct node *live)
{
	_node_ struct node *members = NULL;

	while (wanted->type == NODE_MAP && wanted->n > 0 && live &&
	       (wanted->n == 1 || !has_leaf(wanted))) {
		wanted = wanted->items[0];
		live = node_get(live, wanted->key);
	}
	if (!live)
		return NULL;
	if (wanted->type != NODE_MAP || live->type != NODE_MAP)
		return text_of(live);
	members = node_new(NODE_MAP);
	node_for_each (item, wanted)
		if (node_get(live, item->key))
			node_set(members, item->key,
			         node_copy(node_get(live, item->key)));
	return members->n > 0 ? node_format(members) : NULL;
}

void stored_compare(struct stored *s, struct resource *r, const struct node *live)
{
	struct walk w = {.stored = s, .path = {"settings"}, .depth = 1};

	*s = (struct stored){.wanted = node_new(NODE_MAP), .live = live};
	mem_set(&r->persisted, NULL);
	if (r->kind->persist && !r->no_persist && r->change.state != STATE_SKIPPED)
		r->kind->persist(r, live, s->wanted);
	if (s->wanted->n == 0)
		return;
	compare(&w, s->wanted, live);
	mem_set(&r->persisted, persisted(s->wanted, live));
}

bool stored_differs(const struct stored *s)
{
	return s->kept == KEPT_ABSENT || s->kept == KEPT_OTHER;
}

static void tell_absent(const struct stored *s, struct change *c)
{
	change_set(c, STATE_DRIFT, REASON_NOT_PERSISTED,
	           "%s%snot in the Bottlerocket settings: lost at the next boot",
	           s->path ? s->path : "", s->path ? " is " : "");
	change_remedy(c, "hosttune apply");
}

static void tell_other(const struct stored *s, struct change *c)
{
	change_set(c, STATE_DRIFT, REASON_PERSISTED_DIFFERS,
	           "the Bottlerocket settings hold %s%s%s", s->text,
	           s->path ? " for " : "", s->path ? s->path : "");
	change_remedy(c, "hosttune apply");
}

void stored_tell(const struct stored *s, struct resource *r, const struct sysctl_d *boot)
{
	if (r->change.state == STATE_OK && s->kept == KEPT_ABSENT)
		tell_absent(s, &r->change);
	else if (r->change.state == STATE_OK && s->kept == KEPT_OTHER)
		tell_other(s, &r->change);
	if (r->kind->explain)
		r->kind->explain(r,
		                 &(struct persistence){s->kept, s->path, s->live, boot},
		                 &r->change);
}

void stored_done(struct stored *s)
{
	free(s->path);
	free(s->text);
	node_free(s->wanted);
	*s = (struct stored){0};
}
