/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/condition.h"

#include "base/mem.h"
#include "doc/node.h"
#include "profile/formula.h"
#include "profile/section.h"
#include "resource/kinds.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	const struct facts *facts;
	struct exclusions *out;
	struct diagnostics *diag;
	const struct kind *kind; /* of the section */
	const char *when;        /* the false condition */
};

static void condition_exclude(const struct kind *kind, const struct section_entry *e,
                              void *arg)
{
	const struct walk *w = arg;
	struct exclusions *l = w->out;

	l->list = mem_grow(l->list, &l->cap, l->n, sizeof(*l->list));
	l->list[l->n++] = (struct excluded){.kind = kind,
	                                    .name = mem_dup(e->name),
	                                    .when = mem_dup(w->when),
	                                    .node = node_copy(e->node),
	                                    .at = e->at};
}

/* Add the condition (NULL: none) to `n` and everything below it. */
static void mark(struct node *n, const char *when)
{
	if (!when)
		return;
	mem_set(&n->when,
	        n->when ? mem_format("(%s) and (%s)", when, n->when) : mem_dup(when));
	node_for_each (item, n)
		mark(item, when);
}

/*
 * Remove the condition from `map`, a section or one entry, and decide it. Return: whether
 * it is false. *ret_when is its text, owned, or NULL if it is true or there is none.
 */
static bool is_false(const struct walk *w, struct node *map, const struct node *item,
                     char **ret_when)
{
	const struct node *when = node_get(map, field_when->name);
	enum condition c = CONDITION_TRUE;

	*ret_when = NULL;
	if (!when)
		return false;
	if (when->type != NODE_SCALAR || !*when->text)
		diag_error(w->diag, when->at,
		           "when: should be a condition such as \"kernel >= 6.1\"");
	else
		c = condition_decide(when, w->kind->section, item, w->facts, w->diag);
	if (c != CONDITION_TRUE)
		*ret_when = mem_dup(when->text);
	node_remove(map, field_when->name);
	return c == CONDITION_FALSE;
}

static bool any(struct node *item, void *arg)
{
	(void)item;
	(void)arg;
	return true;
}

/* Replace {name: x} with the equivalent x. */
static void flatten(struct node *n)
{
	const struct node *name = node_get(n, "name");

	n->text = mem_dup(name->text);
	n->plain = name->plain;
	n->at = name->at;
	node_filter(n, any, NULL);
	n->type = NODE_SCALAR;
}

/* Decide one value or item. Return: true to drop it. */
static bool drop_entry(struct node *n, void *arg)
{
	struct walk *w = arg;
	enum section_shape shape = w->kind->shape;
	_free_ char *when = NULL;
	struct section_entry e;
	bool drop;

	if (n->type != NODE_MAP)
		return false;
	drop = is_false(w, n, shape == SECTION_ITEMS ? n : NULL, &when);
	if (shape == SECTION_NAMES)
		flatten(n);
	if (!drop) {
		mark(n, when);
		return false;
	}
	e = section_entry_of(shape, n);
	w->when = when;
	condition_exclude(w->kind, &e, w);
	return true;
}

static bool drop_section(struct node *section, void *arg)
{
	struct walk *w = arg;
	_free_ char *when = NULL;

	w->kind = kinds_find(section->key);
	if (!w->kind)
		return false;
	if (section->type == NODE_MAP && is_false(w, section, NULL, &when)) {
		w->when = when;
		section_each(w->kind, section, condition_exclude, w);
		return true;
	}
	if (w->kind->shape != SECTION_OBJECT && w->kind->shape != SECTION_TREE)
		node_filter(section, drop_entry, w);
	mark(section, when);
	return false;
}

void conditions_apply(struct node *root, const struct facts *facts,
                      struct exclusions *out, struct diagnostics *diag)
{
	struct walk w = {.facts = facts, .out = out, .diag = diag};

	node_filter(root, drop_section, &w);
}

/* Find the first condition of a value that replaced another. Borrowed; NULL: none. */
static const char *replacing(const struct node *n)
{
	const char *when = n->overrode ? n->when : NULL;

	for (size_t i = 0; !when && i < n->n; i++)
		when = replacing(n->items[i]);
	return when;
}

static bool is_under(const struct node *n, const char *when)
{
	return n->when && strcmp(n->when, when) == 0;
}

/*
 * Remove what depends on the condition and restore what it replaced. Return: whether `n`
 * itself must be removed.
 */
static bool deny(struct node *n, void *when)
{
	for (size_t i = 0; i < n->n; i++)
		while (is_under(n->items[i], when) && n->items[i]->overrode)
			node_set(n, n->items[i]->key, TAKE_PTR(n->items[i]->overrode));
	node_filter(n, deny, when);
	return is_under(n, when) && !n->overrode;
}

bool conditions_replace(const struct node *root)
{
	return replacing(root);
}

bool conditions_deny(struct node *root)
{
	_free_ char *when = mem_dup(replacing(root));

	if (when)
		node_filter(root, deny, when);
	return when;
}

const char *excluded_kind(const struct excluded *o)
{
	return o->kind->shape == SECTION_ITEMS || o->kind->shape == SECTION_OBJECT
	               ? o->kind->section
	               : o->kind->name;
}

static void excluded_done(struct excluded *o)
{
	free(o->name);
	free(o->when);
	node_free(o->node);
}

/* Return whether `name`, in an `unset` list, means this entry. */
static bool is_called(const struct excluded *o, const char *name)
{
	_free_ char *spelled =
		o->kind->canonical ? o->kind->canonical(name) : mem_dup(name);

	return o->kind->shape != SECTION_TREE && strcmp(o->name, spelled) == 0;
}

bool exclusions_unset(struct exclusions *l, const char *name)
{
	size_t kept = 0, n = l->n;

	for (size_t i = 0; i < n; i++) {
		if (is_called(&l->list[i], name))
			excluded_done(&l->list[i]);
		else
			l->list[kept++] = l->list[i];
	}
	l->n = kept;
	return kept < n;
}

void exclusions_done(struct exclusions *l)
{
	for (size_t i = 0; i < l->n; i++)
		excluded_done(&l->list[i]);
	free(l->list);
	*l = (struct exclusions){0};
}
