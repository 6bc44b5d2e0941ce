/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/structure.h"

#include "base/mem.h"
#include "base/suggest.h"
#include "doc/node.h"
#include "kinds/kinds.h"

#include <string.h>

#define ITEM_NAME_MAX 64
#define TABLES_MAX    16

static const char *const versions[] = {"1", NULL};

const struct field structure_keys[] = {
	{.name = "version",
         .type = FIELD_CHOICE,
         .choices = versions,
         .required = true,
         .doc = "of the language of profiles"},
	{.name = "name", .type = FIELD_TEXT, .doc = "what the profile is called"},
	{.name = "description", .type = FIELD_TEXT, .doc = "what the profile is for"},
	{.name = "persist",
         .type = FIELD_BOOL,
         .doc = "also keep sysctls and modules in the Bottlerocket settings (default: "
                "true, where there is an API)"},
	{.name = "include",
         .type = FIELD_WORDS,
         .doc = "built-in profiles, or paths relative to this file, which wins over "
                "them"},
	{.name = "unset",
         .type = FIELD_WORDS,
         .doc = "names of sysctls, modules, items of storage, or nfsd: not wanted of what "
                "is included"},
	{0},
};

const struct field structure_item_keys[] = {
	{.name = "name",
         .type = FIELD_TEXT,
         .required = true,
         .doc = "by which profiles that are merged find it, at most 64 bytes"},
	{0},
};

static bool is_bool(const struct node *n)
{
	return n->plain &&
	       (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0);
}

static bool list_of_names_fault(const struct node *n, const char *what,
                                struct problems *ps)
{
	size_t before = ps->n;

	if (n->type != NODE_LIST)
		problems_add(ps, n->at, "%s: is %s, should be a list of %s", n->key,
		             node_type_name(n), what);
	node_for_each (item, n)
		if (item->type != NODE_SCALAR || !*item->text ||
		    strcmp(item->text, "-") == 0)
			problems_add(ps, item->at, "%s: each should be a name", n->key);
	return ps->n > before;
}

static bool plain_fault(const struct node *n, struct problems *ps)
{
	if (strcmp(n->key, "include") == 0)
		return list_of_names_fault(n, "profiles", ps);
	if (strcmp(n->key, "unset") == 0)
		return list_of_names_fault(n, "names", ps);
	if (n->type != NODE_SCALAR)
		problems_add(ps, n->at, "%s: is %s, should be a single value", n->key,
		             node_type_name(n));
	else if (strcmp(n->key, "version") == 0 && strcmp(n->text, "1") != 0)
		problems_add(ps, n->at,
		             "version \"%s\": not known (this program reads 1)", n->text);
	else if (strcmp(n->key, "persist") == 0 && !is_bool(n))
		problems_add(ps, n->at, "persist \"%s\": should be true or false",
		             n->text);
	else
		return false;
	return true;
}

static bool is_plain_key(const char *key)
{
	for (const struct field *f = structure_keys; f->name; f++)
		if (strcmp(f->name, key) == 0)
			return true;
	return false;
}

static void tell_unknown(const struct node *n, struct problems *ps)
{
	struct suggest near = {.typed = n->key};

	for (const struct field *f = structure_keys; f->name; f++)
		suggest_offer(&near, f->name);
	for (const struct kind *const *k = kinds; *k; k++)
		suggest_offer(&near, (*k)->section);
	if (near.best)
		problems_add(ps, n->key_at, "unknown key \"%s\" (did you mean \"%s\"?)",
		             n->key, near.best);
	else
		problems_add(ps, n->key_at, "unknown key \"%s\"", n->key);
}

/* --- items of a list ------------------------------------------------------------------
 */

struct list_check {
	const struct kind *kind;
	struct node *seen; /* names of the items before, as keys */
	struct problems *problems;
};

/* The keys of all kinds that read the section; an item of a list has a name as well. */
static void check_keys(const struct node *item, const struct kind *kind,
                       struct problems *ps)
{
	const struct field *tables[TABLES_MAX];
	size_t n = 0;

	if (kind->shape == SECTION_ITEMS)
		tables[n++] = structure_item_keys;
	for (const struct kind *const *k = kinds; *k && n < TABLES_MAX; k++)
		if (strcmp((*k)->section, kind->section) == 0)
			tables[n++] = (*k)->fields;
	fields_check_known(tables, n, item, kind->section, ps);
}

/* Whether the name was there before; notes it for those that follow. */
static bool stands_before(struct list_check *c, const char *name)
{
	if (node_get(c->seen, name))
		return true;
	node_set(c->seen, name, node_new_null());
	return false;
}

static bool item_fault(const struct node *item, struct list_check *c)
{
	const char *section = c->kind->section;
	const struct node *name = node_get(item, "name");

	if (item->type != NODE_MAP) {
		problems_add(c->problems, item->at,
		             "%s: an item is %s, should be a mapping", section,
		             node_type_name(item));
		return true;
	}
	check_keys(item, c->kind, c->problems);
	if (!name)
		problems_add(c->problems, item->at, "%s: an item has no name", section);
	else if (name->type != NODE_SCALAR || !*name->text ||
	         strlen(name->text) > ITEM_NAME_MAX)
		problems_add(c->problems, name->at,
		             "%s: name should be a text of at most %d bytes", section,
		             ITEM_NAME_MAX);
	else if (stands_before(c, name->text))
		problems_add(c->problems, name->at,
		             "%s \"%s\": stands here a second time", section, name->text);
	else
		return false;
	return true;
}

static bool name_fault(struct node *item, struct list_check *c)
{
	const char *section = c->kind->section;

	if (item->type != NODE_SCALAR || !*item->text) {
		problems_add(c->problems, item->at, "%s: an item is %s, should be a name",
		             section,
		             item->type == NODE_SCALAR ? "empty" : node_type_name(item));
		return true;
	}
	if (c->kind->canonical)
		mem_set(&item->text, c->kind->canonical(item->text));
	if (!stands_before(c, item->text))
		return false;
	problems_add(c->problems, item->at, "%s \"%s\": stands here a second time",
	             section, item->text);
	return true;
}

static bool list_fault(struct node *item, void *arg)
{
	struct list_check *c = arg;

	return c->kind->shape == SECTION_ITEMS ? item_fault(item, c)
	                                       : name_fault(item, c);
}

/* --- sections -------------------------------------------------------------------------
 */

static bool section_fault(struct node *n, const struct kind *kind, struct problems *ps)
{
	bool list = kind->shape == SECTION_NAMES || kind->shape == SECTION_ITEMS;
	_node_ struct node *seen = node_new(NODE_MAP);
	struct list_check c = {.kind = kind, .seen = seen, .problems = ps};

	if (n->type != (list ? NODE_LIST : NODE_MAP)) {
		problems_add(ps, n->at, "%s: is %s, should be %s", kind->section,
		             node_type_name(n), list ? "a list" : "a mapping");
		return true;
	}
	if (kind->shape == SECTION_OBJECT)
		check_keys(n, kind, ps);
	if (list)
		node_filter(n, list_fault, &c);
	return false;
}

/* a/b and a.b are the same key. */
static void unify_keys(struct node *root, const struct kind *kind, struct problems *ps)
{
	struct node *section = node_get(root, kind->section);
	struct node *unified = node_new(NODE_MAP);

	unified->at = section->at;
	unified->key_at = section->key_at;
	for (size_t i = 0; i < section->n; i++) {
		struct node *value = section->items[i];
		_free_ char *name = kind->canonical(value->key);

		if (node_get(unified, name)) {
			problems_add(ps, value->key_at,
			             "key \"%s\": stands here a second time, as \"%s\"",
			             value->key, name);
			node_free(value);
		} else {
			node_set(unified, name, value);
		}
	}
	section->n = 0;
	node_set(root, kind->section, unified);
}

static bool member_fault(struct node *member, void *arg)
{
	const struct kind *kind = kinds_find(member->key);

	if (is_plain_key(member->key))
		return plain_fault(member, arg);
	if (!kind) {
		tell_unknown(member, arg);
		return true;
	}
	return section_fault(member, kind, arg);
}

bool structure_check(struct node *root, struct problems *ps)
{
	if (root->type != NODE_MAP) {
		problems_add(ps, root->at, "a profile is a mapping, this is %s",
		             node_type_name(root));
		return false;
	}
	if (!node_get(root, "version"))
		problems_add(ps, root->at,
		             "version: is missing (\"version: 1\" comes first)");
	node_filter(root, member_fault, ps);
	for (const struct kind *const *k = kinds; *k; k++)
		if ((*k)->canonical && (*k)->shape == SECTION_VALUES &&
		    node_get(root, (*k)->section))
			unify_keys(root, *k, ps);
	return true;
}
