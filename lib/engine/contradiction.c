/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/contradiction.h"

#include "base/mem.h"
#include "doc/node.h"
#include "engine/profile.h"
#include "kinds/kinds.h"
#include "kinds/setting.h"

#include <stdlib.h>

static void tell(const struct resource *r, const char *path, const struct node *stores,
                 const struct node *said, struct problems *ps)
{
	_free_ char *wanted = node_format(stores), *text = node_format(said);

	problems_add(ps, said->key_at,
	             "setting %s: is %s here, and %s %s at %s:%u stores %s (drop one of "
	             "them)",
	             path, text, r->kind->name, r->name, r->at.file, r->at.line, wanted);
}

/* Both at `path`: what the resource would store, and what the profile says. */
static void compare(const struct resource *r, const char *path, const struct node *stores,
                    const struct node *said, struct problems *ps)
{
	if (stores->type != NODE_MAP || said->type != NODE_MAP) {
		if (field_when_meet(r->when, said->when) && !setting_same(stores, said))
			tell(r, path, stores, said, ps);
		return;
	}
	node_for_each (member, stores) {
		_free_ char *below = mem_format("%s.%s", path, member->key);
		const struct node *n = node_get(said, member->key);

		if (n)
			compare(r, below, member, n, ps);
	}
}

void contradictions_check(const struct profile *p, struct problems *ps)
{
	const struct node *settings = node_get(p->tree, "settings");
	_node_ struct node *none = node_new(NODE_MAP);

	for (size_t i = 0; settings && i < p->n; i++) {
		const struct resource *r = p->resources[i];
		_node_ struct node *stores = node_new(NODE_MAP);

		/* who claims a setting has been checked, whatever the value */
		if (r->kind->shape == SECTION_TREE || !r->kind->persist || r->claim ||
		    r->no_persist || r->left_out)
			continue;
		r->kind->persist(r, none, stores);
		compare(r, "settings", stores, settings, ps);
	}
}
