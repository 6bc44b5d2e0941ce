/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/instantiate.h"

#include "base/mem.h"
#include "doc/node.h"
#include "profile/conflicts.h"
#include "profile/facts.h"
#include "profile/profile.h"
#include "profile/section.h"
#include "profile/waive.h"
#include "resource/kinds.h"
#include "resource/shape.h"

#include <stdlib.h>
#include <string.h>

/*
 * Upper bound that keeps the check to seconds; real profiles have far fewer conditions.
 * The rest are checked on the node.
 */
#define DENIED_MAX 64

static struct resource *find_below(const struct profile *p, const struct kind *kind,
                                   const char *name)
{
	for (size_t i = p->n; !(kind->flags & KIND_APART) && i-- > 0;) {
		struct resource *r = p->resources[i];

		if (!(r->kind->flags & KIND_APART) &&
		    strcmp(r->kind->section, kind->section) == 0 &&
		    strcmp(r->name, name) == 0)
			return r;
	}
	return NULL;
}

static struct resource *new_resource(const struct kind *kind, const char *name,
                                     struct place at)
{
	struct resource *r = mem_new(1, kind->size);

	r->kind = kind;
	r->name = kind->canonical ? kind->canonical(name) : mem_dup(name);
	r->spec.at = at;
	return r;
}

struct maker {
	struct profile *profile;
	struct node *names; /* of all resources, as keys: see name_key(); NULL: not asked
	                       for yet */
	struct diagnostics *diag;
};

static char *name_key(const struct kind *kind, const char *name, bool excluded)
{
	return mem_join(excluded ? "-" : "", kind->name, " ", name);
}

static void instantiate_note(struct maker *m, const struct resource *r)
{
	_free_ char *key = name_key(r->kind, r->name, r->spec.excluded);

	node_set(m->names, key, node_new_null());
}

static bool instantiate_is_there(struct maker *m, const struct kind *kind,
                                 const char *name, bool excluded)
{
	_free_ char *key = name_key(kind, name, excluded);

	if (!m->names) {
		m->names = node_new(NODE_MAP);
		for (size_t i = 0; i < m->profile->n; i++)
			instantiate_note(m, m->profile->resources[i]);
	}
	return node_get(m->names, key) != NULL;
}

static void instantiate_append(struct maker *m, struct resource *r)
{
	struct profile *p = m->profile;

	p->resources = mem_grow(p->resources, &p->cap, p->n, sizeof(struct resource *));
	p->resources[p->n++] = r;
	if (m->names)
		instantiate_note(m, r);
}

/*
 * Return the condition under which the value exists. NULL: always, because it or one of
 * the values that it replaced has no condition.
 */
static const char *condition_of(const struct node *n)
{
	const char *when = n->when;

	while (n->when && n->overrode)
		n = n->overrode;
	return n->when ? when : NULL;
}

/* Make one resource of an entry, with the given name. */
static void add_one(struct maker *m, const struct kind *kind,
                    const struct section_entry *e, const char *name, struct place at)
{
	struct resource *r = new_resource(kind, name, at);

	r->spec.when = condition_of(e->node);
	r->spec.no_persist = !m->profile->persist && kind->shape != SECTION_TREE;
	if (kind->shape == SECTION_ITEMS)
		r->spec.depends_on = find_below(m->profile, kind, e->name);
	if (!kind->parse(r, e->node, m->diag)) {
		resource_free(r);
		return;
	}
	instantiate_append(m, r);
}

/* Make one resource for each name in a list of the item. */
static void add_each(struct maker *m, const struct kind *kind,
                     const struct section_entry *e)
{
	const struct node *list = node_get(e->node, kind->each);
	_free_ char *shape = NULL;

	if (list && list->type != NODE_LIST) {
		shape = shape_list(kind->each, list);
		diag_error(m->diag, list->at,
		           "%s: is %s, should be a list (write \"%s\")", kind->each,
		           node_type_name(list), shape);
	}
	if (!list || list->type != NODE_LIST)
		return;
	node_for_each (one, list) {
		if (one->type == NODE_SCALAR && *one->text && !strchr(one->text, ','))
			add_one(m, kind, e, one->text, one->at);
		else
			diag_error(m->diag, one->at, "%s: each item should be one word",
			           kind->each);
	}
}

static void instantiate_add(const struct kind *kind, const struct section_entry *e,
                            void *arg)
{
	if (kind->each)
		add_each(arg, kind, e);
	else
		add_one(arg, kind, e, e->name, e->at);
}

/* Return whether the kind would make a resource of the item. */
static bool takes_item(const struct kind *kind, const struct excluded *o)
{
	_diagnostics_ struct diagnostics ignored = {0};
	struct resource *r;
	bool takes;

	if (kind->each)
		return node_get(o->node, kind->each);
	r = new_resource(kind, o->name, o->at);
	takes = kind->parse(r, o->node, &ignored);
	resource_free(r);
	return takes;
}

/* Report a skipped entry after the resources of its kind, unless another file sets it. */
static void add_excluded(struct maker *m, const struct kind *kind,
                         const struct excluded *o)
{
	struct resource *r;

	if (strcmp(o->kind->section, kind->section) != 0 ||
	    instantiate_is_there(m, kind, o->name, false) ||
	    instantiate_is_there(m, kind, o->name, true) ||
	    ((kind->shape == SECTION_ITEMS || kind->shape == SECTION_OBJECT) &&
	     !takes_item(kind, o)))
		return;
	r = new_resource(kind, o->name, o->at);
	r->spec.excluded = true;
	change_set(&r->run.change, STATE_SKIPPED, REASON_CONDITION_FALSE,
	           "condition \"%s\" is false on this node", o->when);
	instantiate_append(m, r);
}

/* Let each kind check its resources together. Resources are sorted by kind. */
static void check_kinds(const struct profile *p, const struct facts *facts,
                        struct diagnostics *diag)
{
	size_t end;

	for (size_t i = 0; i < p->n; i = end) {
		const struct kind *kind = p->resources[i]->kind;
		size_t n = 0;

		for (end = i; end < p->n && p->resources[end]->kind == kind; end++)
			n += !p->resources[end]->spec.excluded;
		if (kind->check_all)
			kind->check_all(p->resources + i, n,
			                facts->unknown ? NULL : &facts->host, diag);
	}
}

static bool any_there(struct maker *m, const struct kind *kind, const char *words)
{
	_free_ char *copy = mem_dup(words);
	char *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		if (instantiate_is_there(m, kind, word, false))
			return true;
	return false;
}

/* Warn about a resource that needs another one that the profile does not list. */
static void check_needs(struct maker *m)
{
	const struct profile *p = m->profile;

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		const struct kind *by = kinds_named(r->kind->after ? r->kind->after : "");

		/* an optional resource may be absent */
		if (!r->spec.needs || !by || r->spec.optional ||
		    any_there(m, by, r->spec.needs))
			continue;
		diag_warn(m->diag, r->spec.at,
		          "%s %s: needs the %s %.*s (list it under %s)", r->kind->name,
		          r->name, by->name, (int)strcspn(r->spec.needs, " "),
		          r->spec.needs, by->section);
	}
}

/* Make the resources of the tree, and one for each skipped entry. */
static void add_all(struct maker *m)
{
	const struct profile *p = m->profile;

	for (const struct kind *const *k = kinds; *k; k++) {
		const struct node *section = node_get(p->tree, (*k)->section);

		if (section)
			section_each(*k, section, instantiate_add, m);
		for (size_t i = 0; i < p->excluded.n; i++)
			add_excluded(m, *k, &p->excluded.list[i]);
	}
}

/* Check values that are replaced only under a condition: they apply where it is false. */
static void check_replaced(const struct profile *p, const struct facts *facts,
                           struct diagnostics *diag)
{
	_node_ struct node *tree =
		conditions_replace(p->tree) ? node_copy(p->tree) : NULL;

	for (size_t i = 0; tree && i < DENIED_MAX && conditions_deny(tree); i++) {
		struct profile other = {.tree = node_copy(tree)};
		struct maker m = {&other, NULL, diag};

		sections_expand(other.tree, facts, diag);
		add_all(&m);
		node_free(m.names);
		profile_done(&other);
	}
}

bool sections_any_expand(const struct node *tree)
{
	for (const struct kind *const *k = kinds; *k; k++)
		if ((*k)->expand && node_get(tree, (*k)->section))
			return true;
	return false;
}

void sections_expand(struct node *tree, const struct facts *facts,
                     struct diagnostics *diag)
{
	for (const struct kind *const *k = kinds; *k; k++) {
		struct node *section = node_get(tree, (*k)->section);

		if ((*k)->expand && section && section->type == NODE_LIST)
			(*k)->expand(section, facts->unknown ? NULL : facts->h, diag);
	}
}

void instantiate(struct profile *p, const struct facts *facts, struct diagnostics *diag)
{
	const struct node *persist = node_get(p->tree, "persist"),
			  *on_failure = node_get(p->tree, "on-failure");
	struct maker m = {p, NULL, diag};

	p->persist_explicit = persist && strcmp(persist->text, "true") == 0;
	p->persist = !persist || p->persist_explicit;
	p->continue_on_failure = on_failure && strcmp(on_failure->text, "continue") == 0;
	add_all(&m);
	check_replaced(p, facts, diag);
	conflicts_check_claims(p, diag);
	conflicts_check_files(p, diag);
	conflicts_check(p, diag);
	check_kinds(p, facts, diag);
	check_needs(&m);
	waive_instantiate(p, !facts->h, diag);
	node_free(m.names);
}
