/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The profile language as JSON Schema, made from the tables that the parser reads. It
 * covers shape, keys and types. What the check() of a field or a kind adds, only
 * `hosttune validate` reports.
 */
#include "doc/node.h"
#include "profile/keys.h"
#include "report/schema/field.h"
#include "report/schema/schema.h"
#include "report/tree.h"
#include "resource/kinds.h"

#include <string.h>

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
#define ID      "urn:hosttune:profile:1"

/* x, or {name: x, when: ...} */
static struct node *names_schema(const struct kind *kind)
{
	struct node *name = node_new(NODE_MAP), *n = schema_list(name, kind->doc);
	struct node *object = schema_fields(profile_item_keys, NULL);

	schema_add_fields(object, field_when);
	schema_append(name, "anyOf", schema_text(NULL, NULL));
	schema_append(name, "anyOf", object);

	node_set(n, "uniqueItems", node_new_bool(true));
	return n;
}

static struct node *values_schema(const struct kind *kind)
{
	struct node *value = schema_field(kind->fields);
	struct node *object = schema_fields(kind->fields, NULL);
	struct node *n = schema_typed("object", kind->doc);

	schema_add_fields(object, field_when);
	schema_append(value, "anyOf", object);
	schema_add_fields(n, field_when);
	node_set(n, "additionalProperties", value);
	return n;
}

/* Add the keys of all kinds that read the section. */
static struct node *add_section(struct node *n, const struct kind *kind)
{
	for (const struct kind *const *k = kinds; *k; k++)
		if (strcmp((*k)->section, kind->section) == 0)
			schema_add_fields(n, (*k)->fields);
	return n;
}

static struct node *items_schema(const struct kind *kind)
{
	struct node *item = schema_fields(profile_item_keys, NULL);

	add_section(item, kind);
	schema_add_fields(item, field_when);
	return schema_list(item, kind->doc);
}

/* A mapping. A tree accepts any keys. */
static struct node *object_schema(const struct kind *kind)
{
	struct node *n = kind->shape == SECTION_OBJECT
	                         ? schema_closed(kind->doc)
	                         : schema_typed("object", kind->doc);

	if (kind->shape == SECTION_OBJECT)
		add_section(n, kind);
	schema_add_fields(n, field_when);
	return n;
}

static struct node *section_schema(const struct kind *kind)
{
	switch (kind->shape) {
	case SECTION_NAMES: return names_schema(kind);
	case SECTION_VALUES: return values_schema(kind);
	case SECTION_ITEMS: return items_schema(kind);
	case SECTION_OBJECT:
	case SECTION_TREE: break;
	}
	return object_schema(kind);
}

void report_schema(FILE *out)
{
	_node_ struct node *root = node_new(NODE_MAP);

	node_set_text(root, "$schema", DIALECT);
	node_set_text(root, "$id", ID);
	node_set_text(root, "title", "hosttune profile");
	node_set_text(root, "description", "keys that are not named are not managed");
	node_set_text(root, "type", "object");
	node_set(root, "additionalProperties", node_new_bool(false));
	schema_add_fields(root, profile_keys);
	for (const struct kind *const *k = kinds; *k; k++)
		if (kinds_find((*k)->section) == *k)
			node_set(schema_properties(root), (*k)->section,
			         section_schema(*k));
	report_tree_json(root, out);
}
