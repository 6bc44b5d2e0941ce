/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/conflicts.h"

#include "base/mem.h"
#include "bottlerocket/setting.h"
#include "doc/json.h"
#include "doc/node.h"
#include "profile/profile.h"
#include "resource/kinds.h"

#include <stdlib.h>

static void conflicts_report(const struct resource *r, const char *path,
                             const struct node *stores, const struct node *said,
                             struct diagnostics *diag)
{
	_free_ char *wanted = node_json_line(stores), *text = node_json_line(said);

	diag_error(diag, said->key_at,
	           "setting %s: is %s here, but %s %s at %s:%u stores %s (remove one of "
	           "them)",
	           path, text, r->kind->name, r->name, r->spec.at.file, r->spec.at.line,
	           wanted);
}

/* Compare, at `path`, what the resource would store with what the profile sets. */
static void conflicts_compare(const struct resource *r, const char *path,
                              const struct node *stores, const struct node *said,
                              struct diagnostics *diag)
{
	if (stores->type != NODE_MAP || said->type != NODE_MAP) {
		if (field_when_meet(r->spec.when, said->when) &&
		    !setting_same(stores, said))
			conflicts_report(r, path, stores, said, diag);
		return;
	}
	node_for_each (member, stores) {
		_free_ char *below = mem_format("%s.%s", path, member->key);
		const struct node *n = node_get(said, member->key);

		if (n)
			conflicts_compare(r, below, member, n, diag);
	}
}

void conflicts_check(const struct profile *p, struct diagnostics *diag)
{
	const char *section = kinds_shaped(SECTION_TREE)->section;
	const struct node *settings = node_get(p->tree, section);
	_node_ struct node *none = node_new(NODE_MAP);

	for (size_t i = 0; settings && i < p->n; i++) {
		const struct resource *r = p->resources[i];
		_node_ struct node *stores = node_new(NODE_MAP);

		/* check_claims() has checked resources with a claim */
		if (r->kind->shape == SECTION_TREE || !r->kind->persist ||
		    r->spec.unique || r->spec.no_persist || r->spec.excluded)
			continue;
		r->kind->persist(r, none, stores);
		conflicts_compare(r, section, stores, settings, diag);
	}
}

static void claim(struct node *claims, const struct resource *r)
{
	struct node *n = node_new_text(r->name);

	n->when = mem_dup(r->spec.when);
	node_set(claims, r->spec.unique, n);
}

void conflicts_check_claims(const struct profile *p, struct diagnostics *diag)
{
	_node_ struct node *claims = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		const struct node *first =
			r->spec.unique ? node_get(claims, r->spec.unique) : NULL;

		if (first && field_when_meet(first->when, r->spec.when))
			diag_error(diag, r->spec.at,
			           "%s \"%s\": %s is already used by \"%s\"",
			           r->kind->name, r->name, r->spec.unique, first->text);
		else if (r->spec.unique && !first)
			claim(claims, r);
	}
}
