/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/resources.h"

#include "base/mem.h"
#include "doc/node.h"
#include "engine/entry.h"
#include "engine/formula.h"
#include "engine/profile.h"
#include "kinds/kinds.h"

#include <stdlib.h>
#include <string.h>

static struct resource *find_below(const struct profile *p, const struct kind *kind,
                                   const char *name)
{
	for (size_t i = p->n; i-- > 0;)
		if (strcmp(p->resources[i]->kind->section, kind->section) == 0 &&
		    strcmp(p->resources[i]->name, name) == 0)
			return p->resources[i];
	return NULL;
}

static const struct resource *find(const struct profile *p, const struct kind *kind,
                                   const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind == kind &&
		    strcmp(p->resources[i]->name, name) == 0)
			return p->resources[i];
	return NULL;
}

static struct resource *new_resource(const struct kind *kind, const char *name,
                                     struct place at)
{
	struct resource *r = mem_new(1, kind->size);

	r->kind = kind;
	r->name = kind->canonical ? kind->canonical(name) : mem_dup(name);
	r->at = at;
	return r;
}

static void append(struct profile *p, struct resource *r)
{
	p->resources = mem_grow(p->resources, &p->cap, p->n, sizeof(struct resource *));
	p->resources[p->n++] = r;
}

struct maker {
	struct profile *profile;
	struct problems *problems;
};

static void add(const struct kind *kind, const struct entry *e, void *arg)
{
	const struct maker *m = arg;
	struct resource *r = new_resource(kind, e->name, e->at);

	r->when = e->node->when;
	if (kind->shape == SECTION_ITEMS)
		r->on = find_below(m->profile, kind, e->name);
	if (kind->parse(r, e->node, m->problems))
		append(m->profile, r);
	else
		resource_free(r);
}

/* Whether the kind would make something of the item. */
static bool takes_item(const struct kind *kind, const struct left_out *o)
{
	_problems_ struct problems ignored = {0};
	struct resource *r = new_resource(kind, o->name, o->at);
	bool takes = kind->parse(r, o->node, &ignored);

	resource_free(r);
	return takes;
}

/* To be told, behind those of its kind; unless another file asks for it. */
static void add_left_out(struct profile *p, const struct kind *kind,
                         const struct left_out *o)
{
	struct resource *r;

	if (strcmp(o->kind->section, kind->section) != 0 || find(p, kind, o->name) ||
	    (kind->shape == SECTION_ITEMS && !takes_item(kind, o)))
		return;
	r = new_resource(kind, o->name, o->at);
	r->left_out = true;
	change_set(&r->change, STATE_SKIPPED, REASON_CONDITION_FALSE,
	           "left out: the condition \"%s\" does not hold here", o->when);
	append(p, r);
}

static void claim(struct node *claims, const struct resource *r)
{
	struct node *n = node_new_text(r->name);

	n->when = mem_dup(r->when);
	node_set(claims, r->claim, n);
}

/* What two resources claim for themselves alone; a claim names its kind. */
static void check_claims(const struct profile *p, struct problems *ps)
{
	_node_ struct node *claims = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		const struct node *first = r->claim ? node_get(claims, r->claim) : NULL;

		if (first && field_when_meet(first->when, r->when))
			problems_add(ps, r->at,
			             "%s \"%s\": %s is also asked for by \"%s\"",
			             r->kind->name, r->name, r->claim, first->text);
		else if (r->claim && !first)
			claim(claims, r);
	}
}

/* What each kind has against its resources together; they stand kind by kind. */
static void check_kinds(const struct profile *p, const struct facts *facts,
                        struct problems *ps)
{
	bool known = !facts->unknown && !facts->missing;
	size_t end;

	for (size_t i = 0; i < p->n; i = end) {
		const struct kind *kind = p->resources[i]->kind;
		size_t n = 0;

		for (end = i; end < p->n && p->resources[end]->kind == kind; end++)
			n += !p->resources[end]->left_out;
		if (kind->check_all)
			kind->check_all(p->resources + i, n, known ? &facts->host : NULL,
			                ps);
	}
}

/* The first word that the profile names, else NULL. */
static const struct resource *find_any(const struct profile *p, const struct kind *kind,
                                       const char *words)
{
	_free_ char *copy = mem_dup(words);
	const struct resource *r;
	char *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		r = find(p, kind, word);
		if (r && !r->left_out)
			return r;
	}
	return NULL;
}

/* What something brings that the profile does not name. */
static void check_needs(const struct profile *p, struct problems *ps)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		const struct kind *by = r->kind->after;

		/* absent is fine */
		if (!r->needs || r->optional || find_any(p, by, r->needs))
			continue;
		problems_warn(ps, r->at, "%s %s: needs the %s %.*s (list it under %s)",
		              r->kind->name, r->name, by->name,
		              (int)strcspn(r->needs, " "), r->needs, by->section);
	}
}

void resources_make(struct profile *p, const struct facts *facts, struct problems *ps)
{
	const struct node *persist = node_get(p->tree, "persist");
	struct maker m = {p, ps};

	p->persist_explicit = persist && strcmp(persist->text, "true") == 0;
	p->persist = !persist || p->persist_explicit;
	for (const struct kind *const *k = kinds; *k; k++) {
		const struct node *section = node_get(p->tree, (*k)->section);

		if (section)
			entries_each(*k, section, add, &m);
		for (size_t i = 0; i < p->left_out.n; i++)
			add_left_out(p, *k, &p->left_out.list[i]);
	}
	check_claims(p, ps);
	check_kinds(p, facts, ps);
	check_needs(p, ps);
}
