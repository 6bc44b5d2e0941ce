/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The records of a change to the Bottlerocket settings. */
#include "base/mem.h"
#include "bottlerocket/form.h"
#include "bottlerocket/setting.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "engine/journaling_part.h"
#include "engine/plan.h"
#include "resource/kinds.h"

#include <stdlib.h>

struct settings_walk {
	struct journaling *g;
	const char **path; /* "settings", and the keys above the current value */
	size_t depth, room;
	bool changed;
};

static void enter(struct settings_walk *w, const char *key)
{
	if (w->depth == w->room) {
		w->room = w->room ? 2 * w->room : 16;
		w->path = mem_resize(w->path, w->room, sizeof(*w->path));
	}
	w->path[w->depth++] = key;
}

static struct node *copy_or_null(const struct node *n)
{
	return n ? node_copy(n) : NULL;
}

static void add_setting(struct settings_walk *w, const struct node *change,
                        const struct node *live, const struct node *instead)
{
	struct journal_record record;

	/* the path without "settings"; sent only because an object must be whole */
	if (setting_form_same(w->path + 1, w->depth - 1, change, live))
		return;
	record =
		(struct journal_record){.kind = mem_dup(kinds_shaped(SECTION_TREE)->name),
	                                .object = setting_path_format(w->path, w->depth),
	                                .stored = true,
	                                .previous = copy_or_null(live),
	                                .desired = node_copy(change),
	                                .instead = live ? NULL : copy_or_null(instead)};
	w->changed |= journaling_add(w->g, &record, NULL);
}

static void walk_settings(struct settings_walk *w, const struct node *change,
                          const struct node *live, const struct node *instead)
{
	node_for_each (item, change) {
		const struct node *there = node_get(live, item->key),
				  *other = node_get(instead, item->key);

		enter(w, item->key);
		if (item->type == NODE_MAP)
			walk_settings(w, item, there, other);
		else
			add_setting(w, item, there, other);
		w->depth--;
	}
}

/* The settings that have the effect of what the run does not persist any more. */
static struct node *without_effect(const struct plan *p)
{
	struct node *tree = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (r->run.storing && r->kind->unpersist)
			r->kind->unpersist(r, tree);
	}
	return tree;
}

int journaling_settings(struct journaling *g, const struct plan *p,
                        const struct node *live, const struct node *change,
                        struct host *h, struct err *e)
{
	struct settings_walk w = {.g = g};
	_node_ struct node *instead = NULL;
	int r = journaling_open(g, h, e);

	if (r < 0)
		return err_wrap(e, "journal");
	if (!g->open)
		return 0;
	instead = without_effect(p);
	enter(&w, "settings");
	walk_settings(&w, change, live, instead);
	free(w.path);
	return journaling_save(g, w.changed, e);
}
