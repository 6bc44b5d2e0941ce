/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The profile language as JSON Schema, made from the tables that the parser reads. It
 * covers shape, keys and types. What the check() of a field or a kind adds, only
 * `hosttune validate` reports.
 *
 * A keyword ignores values of another type: "minimum" is for numbers, "pattern" for
 * texts. So a size is one schema without alternatives, and an editor prints one error for
 * it.
 */
#include "base/num.h"
#include "doc/node.h"
#include "profile/validate.h"
#include "report/schema/schema.h"
#include "report/tree.h"
#include "resource/kinds.h"

#include <stdlib.h>
#include <string.h>

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
#define ID      "urn:hosttune:profile:1"

/* What num_u64() and num_size() accept, and formulas. */
#define NUMBER_PATTERN "^([0-9]+$|= )"
#define TOP_PATTERN    "^([0-9]+$|max$|= )"
#define SIZE_PATTERN   "^([0-9]+(KiB|MiB|GiB|TiB|k|M|G|T)?$|= )"
/* A word of a list has no comma; a formula may. */
#define WORD_PATTERN  "^([^,]+$|= )"
#define BLANK_PATTERN "^$|[^ \t]"
#define DATE_PATTERN  "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

static struct node *field_schema(const struct field *f);

static void set_list(struct node *map, const char *key, const char *const *texts)
{
	struct node *list = node_new(NODE_LIST);

	for (; *texts; texts++)
		node_append(list, node_new_text(*texts));
	node_set(map, key, list);
}

static struct node *typed(const char *type, const char *doc)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "description", doc);
	node_set_text(n, "type", type);
	return n;
}

/* YAML reads an unquoted text as another type. */
static struct node *text_schema(const char *pattern, const char *doc)
{
	static const char *const types[] = {"string", "number", "boolean", NULL};
	struct node *n = typed(NULL, doc);

	set_list(n, "type", types);
	if (pattern)
		node_set_text(n, "pattern", pattern);
	else
		node_set(n, "minLength", node_new_uint(1));
	return n;
}

static struct node *number_schema(const struct field *f)
{
	static const char *const types[] = {"integer", "string", NULL};
	struct node *n = typed(NULL, f->doc);

	set_list(n, "type", types);
	node_set(n, "minimum", node_new_uint(f->min));
	if (f->max <= INT64_MAX)
		node_set(n, "maximum", node_new_uint(f->max));
	node_set_text(n, "pattern",
	              f->type == FIELD_SIZE ? SIZE_PATTERN : NUMBER_PATTERN);
	return n;
}

static struct node *choice_schema(const struct field *f)
{
	struct node *n = typed(NULL, f->doc), *all = node_new(NODE_LIST);
	uint64_t number;

	for (size_t i = 0; f->choices[i]; i++) {
		if (num_u64(f->choices[i], &number) == 0)
			node_append(all, node_new_plain(f->choices[i]));
		node_append(all, node_new_text(f->choices[i]));
	}
	node_set(n, "enum", all);
	return n;
}

static struct node *list_schema(struct node *items, const char *doc)
{
	struct node *n = typed("array", doc);

	node_set(n, "items", items);
	return n;
}

/* --- mappings
 * ---------------------------------------------------------------------------
 */

static void append_to(struct node *map, const char *key, struct node *item)
{
	if (!node_get(map, key))
		node_set(map, key, node_new(NODE_LIST));
	node_append(node_get(map, key), item);
}

static struct node *properties_of(struct node *object)
{
	return node_get_map(object, "properties");
}

/* {required: [NAME]} */
static struct node *report_schema_has_key(const char *name)
{
	struct node *n = node_new(NODE_MAP);

	append_to(n, "required", node_new_text(name));
	return n;
}

/* Of the alternatives, either the value, or one bound or both. */
static void add_alternative(struct node *object, struct node *bounds,
                            const struct field *f)
{
	if (f->type == FIELD_SIZE || f->type == FIELD_UINT)
		append_to(bounds, "anyOf", report_schema_has_key(f->name));
	else
		append_to(object, "oneOf", report_schema_has_key(f->name));
}

static void add_fields(struct node *object, const struct field *fields)
{
	_node_ struct node *bounds = node_new(NODE_MAP);
	const struct node *any;

	for (const struct field *f = fields; f->name; f++) {
		node_set(properties_of(object), f->name, field_schema(f));
		if (f->required)
			append_to(object, "required", node_new_text(f->name));
		if (f->alternative)
			add_alternative(object, bounds, f);
	}
	any = node_get(bounds, "anyOf");
	if (any && node_get(object, "oneOf"))
		append_to(object, "oneOf", node_copy(bounds));
	else if (any)
		node_set(object, "anyOf", node_copy(any));
}

/* An object that accepts only the keys that are added to it. */
static struct node *closed_object(const char *doc)
{
	struct node *n = typed("object", doc);

	node_set(n, "additionalProperties", node_new_bool(false));
	return n;
}

static struct node *fields_schema(const struct field *fields, const char *doc)
{
	struct node *n = closed_object(doc);

	add_fields(n, fields);
	return n;
}

/* --- fields
 * -----------------------------------------------------------------------------
 */

static struct node *word_schema(const struct field *f)
{
	struct node *n = node_new(NODE_MAP);

	append_to(n, "anyOf", text_schema(BLANK_PATTERN, NULL));
	append_to(n, "anyOf", fields_schema(f->fields, NULL));
	return n;
}

static struct node *vector_schema(const struct field *f)
{
	struct node *n = word_schema(f), *list = list_schema(word_schema(f), NULL);

	node_set_text(n, "description", f->doc);
	node_set(list, "minItems", node_new_uint(1));
	append_to(n, "anyOf", list);
	return n;
}

/* A number, or one bound or both. */
static struct node *bound_schema(const struct field *f)
{
	const struct field bounds[] = {
		{.name = "min",
	         .type = FIELD_UINT,
	         .alternative = true,
	         .min = f->min,
	         .max = f->max,
	         .doc = "only raise"},
		{.name = "max",
	         .type = FIELD_UINT,
	         .alternative = true,
	         .min = f->min,
	         .max = f->max,
	         .doc = "only lower"},
		{0},
	};
	struct node *n = node_new(NODE_MAP), *number = number_schema(f);

	node_set_text(n, "description", f->doc);
	if (f->choices)
		node_set_text(number, "pattern", TOP_PATTERN);
	append_to(n, "anyOf", number);
	append_to(n, "anyOf", fields_schema(bounds, NULL));
	return n;
}

/* A word or a list of words. */
static struct node *texts_schema(const struct field *f)
{
	struct node *n = node_new(NODE_MAP);
	struct node *list = list_schema(text_schema(WORD_PATTERN, NULL), NULL);

	node_set_text(n, "description", f->doc);
	append_to(n, "anyOf", text_schema(NULL, NULL));
	node_set(list, "minItems", node_new_uint(1));
	append_to(n, "anyOf", list);
	return n;
}

static struct node *date_schema(const struct field *f)
{
	struct node *n = typed("string", f->doc);

	node_set_text(n, "pattern", DATE_PATTERN);
	return n;
}

static struct node *field_schema(const struct field *f)
{
	switch (f->type) {
	case FIELD_TEXT: break;
	case FIELD_CHOICE: return choice_schema(f);
	case FIELD_BOOL: return typed("boolean", f->doc);
	case FIELD_UINT:
	case FIELD_SIZE: return number_schema(f);
	case FIELD_EACH:
	case FIELD_WORDS: return list_schema(text_schema(WORD_PATTERN, NULL), f->doc);
	case FIELD_TEXTS: return texts_schema(f);
	case FIELD_DATE: return date_schema(f);
	case FIELD_ITEMS: return list_schema(fields_schema(f->fields, NULL), f->doc);
	case FIELD_OBJECT: return fields_schema(f->fields, f->doc);
	case FIELD_VECTOR: return vector_schema(f);
	case FIELD_BOUND: return bound_schema(f);
	}
	return text_schema(NULL, f->doc);
}

/* --- sections
 * ---------------------------------------------------------------------------
 */

/* x, or {name: x, when: ...} */
static struct node *names_schema(const struct kind *kind)
{
	struct node *name = node_new(NODE_MAP), *n = list_schema(name, kind->doc);
	struct node *object = fields_schema(profile_item_keys, NULL);

	add_fields(object, field_when);
	append_to(name, "anyOf", text_schema(NULL, NULL));
	append_to(name, "anyOf", object);

	node_set(n, "uniqueItems", node_new_bool(true));
	return n;
}

static struct node *values_schema(const struct kind *kind)
{
	struct node *value = field_schema(kind->fields);
	struct node *object = fields_schema(kind->fields, NULL);
	struct node *n = typed("object", kind->doc);

	add_fields(object, field_when);
	append_to(value, "anyOf", object);
	add_fields(n, field_when);
	node_set(n, "additionalProperties", value);
	return n;
}

/* Add the keys of all kinds that read the section. */
static struct node *add_section(struct node *n, const struct kind *kind)
{
	for (const struct kind *const *k = kinds; *k; k++)
		if (strcmp((*k)->section, kind->section) == 0)
			add_fields(n, (*k)->fields);
	return n;
}

static struct node *items_schema(const struct kind *kind)
{
	struct node *item = fields_schema(profile_item_keys, NULL);

	add_section(item, kind);
	add_fields(item, field_when);
	return list_schema(item, kind->doc);
}

/* A mapping. A tree accepts any keys. */
static struct node *object_schema(const struct kind *kind)
{
	struct node *n = kind->shape == SECTION_OBJECT ? closed_object(kind->doc)
	                                               : typed("object", kind->doc);

	if (kind->shape == SECTION_OBJECT)
		add_section(n, kind);
	add_fields(n, field_when);
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
	add_fields(root, profile_keys);
	for (const struct kind *const *k = kinds; *k; k++)
		if (kinds_find((*k)->section) == *k)
			node_set(properties_of(root), (*k)->section, section_schema(*k));
	report_tree_json(root, out);
}
