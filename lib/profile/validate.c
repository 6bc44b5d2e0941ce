/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/validate.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "doc/node.h"
#include "profile/waive.h"
#include "resource/kinds.h"
#include "resource/shape.h"

#include <string.h>

#define ITEM_NAME_MAX 64
#define TABLES_MAX    16

static const char *const versions[] = {"1", NULL};

static const char *const on_failure[] = {"fail", "continue", NULL};

const struct field profile_keys[] = {
	{.name = "version",
         .type = FIELD_CHOICE,
         .choices = versions,
         .required = true,
         .doc = "version of the profile format"},
	{.name = "name", .type = FIELD_TEXT, .doc = "name of the profile"},
	{.name = "description", .type = FIELD_TEXT, .doc = "purpose of the profile"},
	{.name = "persist",
         .type = FIELD_BOOL,
         .doc = "also persist sysctls and modules in the Bottlerocket settings (default: "
                "true, if there is an API)"},
	{.name = "on-failure",
         .type = FIELD_CHOICE,
         .choices = on_failure,
         .doc = "what apply does after a failure: fail rolls everything back (default); "
                "continue applies what it can and exits 0, for a node that must boot"},
	{.name = "include",
         .type = FIELD_WORDS,
         .doc = "built-in profiles, or paths relative to this file; this file overrides "
                "them"},
	{.name = "unset",
         .type = FIELD_WORDS,
         .doc = "names of sysctls, modules or storage items, or nfsd, to drop from what is "
                "included"},
	{.name = "waive",
         .type = FIELD_ITEMS,
         .fields = waive_keys,
         .doc = "differences that are agreed until a day: an audit shows them and does not "
                "count them, and apply does not change them"},
	{0},
};

const struct field profile_item_keys[] = {
	{.name = "name",
         .type = FIELD_TEXT,
         .required = true,
         .doc = "identifies the item when profiles are merged, at most 64 bytes"},
	{0},
};

static bool is_bool(const struct node *n)
{
	return n->plain &&
	       (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0);
}

static bool list_of_names_fault(const struct node *n, const char *what,
                                struct diagnostics *diag)
{
	_free_ char *shape = shape_list(n->key, n);
	size_t before = diag->n;

	if (n->type != NODE_LIST)
		diag_error(diag, n->at,
		           "%s: is %s, should be a list of %s (write \"%s\")", n->key,
		           node_type_name(n), what, shape);
	node_for_each (item, n)
		if (item->type != NODE_SCALAR || !*item->text ||
		    strcmp(item->text, "-") == 0)
			diag_error(diag, item->at, "%s: each item should be a name",
			           n->key);
	return diag->n > before;
}

static bool plain_fault(struct node *n, struct diagnostics *diag)
{
	_free_ char *shape = shape_scalar(n->key, n);

	if (strcmp(n->key, "include") == 0)
		return list_of_names_fault(n, "profiles", diag);
	if (strcmp(n->key, "waive") == 0)
		return waive_fault(n, diag);
	if (strcmp(n->key, "unset") == 0)
		return list_of_names_fault(n, "names", diag);
	if (n->type != NODE_SCALAR)
		diag_error(diag, n->at,
		           "%s: is %s, should be a single value (write \"%s\")", n->key,
		           node_type_name(n), shape);
	else if (strcmp(n->key, "version") == 0 && strcmp(n->text, "1") != 0)
		diag_error(diag, n->at, "version \"%s\": unknown (supported: 1)",
		           n->text);
	else if (strcmp(n->key, "persist") == 0 && !is_bool(n))
		diag_error(diag, n->at, "persist \"%s\": should be true or false",
		           n->text);
	else if (strcmp(n->key, "on-failure") == 0 && strcmp(n->text, "fail") != 0 &&
	         strcmp(n->text, "continue") != 0)
		diag_error(diag, n->at, "on-failure \"%s\": should be fail or continue",
		           n->text);
	else
		return false;
	return true;
}

static bool is_plain_key(const char *key)
{
	for (const struct field *f = profile_keys; f->name; f++)
		if (strcmp(f->name, key) == 0)
			return true;
	return false;
}

static void validate_report_unknown(const struct node *n, struct diagnostics *diag)
{
	struct suggest near = {.typed = n->key};
	_buf_ struct buf all = {0};

	for (const struct field *f = profile_keys; f->name; f++) {
		suggest_offer(&near, f->name);
		buf_join(&all, ", ", f->name);
	}
	for (const struct kind *const *k = kinds; *k; k++) {
		suggest_offer(&near, (*k)->section);
		if (kinds_find((*k)->section) == *k)
			buf_join(&all, ", ", (*k)->section);
	}
	if (near.best)
		diag_error(diag, n->key_at, "unknown key \"%s\" (did you mean \"%s\"?)",
		           n->key, near.best);
	else
		diag_error(diag, n->key_at, "unknown key \"%s\" (one of: %s)", n->key,
		           all.text);
}

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

	if (is_plain_key(member->key))
		return plain_fault(member, arg);
	if (!kind) {
		validate_report_unknown(member, arg);
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
		    node_get(root, (*k)->section))
			unify_keys(root, *k, diag);
	return true;
}
