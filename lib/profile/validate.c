/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/validate.h"

#include "base/mem.h"
#include "doc/node.h"
#include "profile/keys.h"
#include "resource/kinds.h"
#include "resource/shape.h"

#include <string.h>

#define ITEM_NAME_MAX 64
#define TABLES_MAX    16

/* --- items of a list ------------------------------------------------------------------
 */

struct list_check {
	const struct kind *kind;
	struct node *seen; /* names of the items before, as keys */
	struct diagnostics *diag;
};

/* Check the keys against all kinds that read the section. List items have a name, too. */
static void check_keys(const struct node *item, const struct kind *kind,
                       struct diagnostics *diag)
{
	const struct field *tables[TABLES_MAX] = {field_when};
	size_t n = 1;

	if (kind->shape == SECTION_ITEMS || kind->shape == SECTION_NAMES)
		tables[n++] = profile_item_keys;
	for (const struct kind *const *k = kinds; *k && n < TABLES_MAX; k++)
		if (strcmp((*k)->section, kind->section) == 0)
			tables[n++] = (*k)->fields;
	fields_check_known(tables, n, item, kind->section, diag);
}

/* Normalise the name and record it. Return: whether it was seen before. */
static bool stands_before(struct list_check *c, struct node *name)
{
	if (c->kind->canonical)
		mem_set(&name->text, c->kind->canonical(name->text));
	if (node_get(c->seen, name->text))
		return true;
	node_set(c->seen, name->text, node_new_null());
	return false;
}

/* Check an item: a name may be plain or {name: x, when: ...}, others are mappings. */
static bool list_fault(struct node *item, void *arg)
{
	struct list_check *c = arg;
	const char *section = c->kind->section;
	bool names = c->kind->shape == SECTION_NAMES, map = item->type == NODE_MAP;
	struct node *name = map ? node_get(item, "name") : item;
	_free_ char *shape = map ? NULL : shape_scalar("- name", item);

	if (map)
		check_keys(item, c->kind, c->diag);
	else if (!names || item->type != NODE_SCALAR || !*item->text) {
		diag_error(c->diag, item->at,
		           "%s: an item is %s, should be a %s (write \"%s\")", section,
		           names && item->type == NODE_SCALAR ? "empty"
		                                              : node_type_name(item),
		           names ? "name" : "mapping", names ? "- NAME" : shape);
		return true;
	}
	if (!name)
		diag_error(c->diag, item->at, "%s: an item has no name", section);
	else if (map && (name->type != NODE_SCALAR || !*name->text ||
	                 strlen(name->text) > ITEM_NAME_MAX))
		diag_error(c->diag, name->at,
		           "%s: name should be text of at most %d bytes", section,
		           ITEM_NAME_MAX);
	else if (strncmp(name->text, "= ", 2) == 0)
		/* files are merged by name, before any formula is computed */
		diag_error(c->diag, name->at, "%s \"%s\": a name cannot be a formula",
		           section, name->text);
	else if (stands_before(c, name))
		diag_error(c->diag, name->at, "%s \"%s\": duplicate name", section,
		           name->text);
	else
		return false;
	return true;
}

/* --- sections -------------------------------------------------------------------------
 */

/* A key that the section requires, else its first key. */
static const struct field *typical_field(const char *section)
{
	for (const struct kind *const *k = kinds; *k; k++)
		if (strcmp((*k)->section, section) == 0)
			for (const struct field *f = (*k)->fields; f && f->name; f++)
				if (f->required)
					return f;
	return kinds_find(section)->fields;
}

static char *section_shape(const struct node *n, const struct kind *kind)
{
	const struct field *f;

	switch (kind->shape) {
	case SECTION_NAMES: return shape_list(kind->section, n);
	case SECTION_ITEMS: return shape_items(kind->section, n);
	case SECTION_OBJECT:
		f = typical_field(kind->section);
		return shape_map(kind->section, f->name, f->type == FIELD_UINT, n);
	case SECTION_VALUES:
	case SECTION_TREE: break;
	}
	return shape_map(kind->section, "KEY", false, n);
}

static bool section_fault(struct node *n, const struct kind *kind,
                          struct diagnostics *diag)
{
	bool list = kind->shape == SECTION_NAMES || kind->shape == SECTION_ITEMS;
	_node_ struct node *seen = node_new(NODE_MAP);
	struct list_check c = {.kind = kind, .seen = seen, .diag = diag};
	_free_ char *shape = NULL;

	if (n->type != (list ? NODE_LIST : NODE_MAP)) {
		shape = section_shape(n, kind);
		diag_error(diag, n->at, "%s: is %s, should be %s (write \"%s\")",
		           kind->section, node_type_name(n),
		           list ? "a list" : "a mapping", shape);
		return true;
	}
	if (kind->shape == SECTION_OBJECT)
		check_keys(n, kind, diag);
	if (list)
		node_filter(n, list_fault, &c);
	return false;
}

static bool are_canonical(const struct node *section, const struct kind *kind)
{
	for (size_t i = 0; i < section->n; i++) {
		_free_ char *name = kind->canonical(section->items[i]->key);

		if (strcmp(name, section->items[i]->key) != 0)
			return false;
	}
	return true;
}

/* Normalise the keys of a section: a/b and a.b are the same. */
static void unify_keys(struct node *root, const struct kind *kind,
                       struct diagnostics *diag)
{
	struct node *section = node_get(root, kind->section);
	struct node *unified = node_new(NODE_MAP);

	unified->at = section->at;
	unified->key_at = section->key_at;
	for (size_t i = 0; i < section->n; i++) {
		struct node *value = section->items[i];
		_free_ char *name = kind->canonical(value->key);

		if (node_get(unified, name)) {
			diag_error(diag, value->key_at, "key \"%s\": duplicate of \"%s\"",
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

	if (profile_key_is(member->key))
		return profile_key_fault(member, arg);
	if (!kind) {
		profile_key_unknown(member, arg);
		return true;
	}
	return section_fault(member, kind, arg);
}

bool validate_tree(struct node *root, struct diagnostics *diag)
{
	if (root->type != NODE_MAP) {
		diag_error(diag, root->at, "a profile must be a mapping, not %s",
		           node_type_name(root));
		return false;
	}
	if (!node_get(root, "version"))
		diag_error(diag, root->at, "version: is missing (add \"version: 1\")");
	node_filter(root, member_fault, diag);
	for (const struct kind *const *k = kinds; *k; k++)
		if ((*k)->canonical && (*k)->shape == SECTION_VALUES &&
		    node_get(root, (*k)->section) &&
		    !are_canonical(node_get(root, (*k)->section), *k))
			unify_keys(root, *k, diag);
	return true;
}
