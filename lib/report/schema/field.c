/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/schema/field.h"

#include "base/num.h"
#include "doc/node.h"
#include "resource/field.h"

/* What num_u64() and num_size() accept, and formulas. */
#define NUMBER_PATTERN "^([0-9]+$|= )"
#define TOP_PATTERN    "^([0-9]+$|max$|= )"
#define SIZE_PATTERN   "^([0-9]+(KiB|MiB|GiB|TiB|k|M|G|T)?$|= )"
/* A word of a list has no comma; a formula may. */
#define WORD_PATTERN  "^([^,]+$|= )"
#define BLANK_PATTERN "^$|[^ \t]"
#define DATE_PATTERN  "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

static void set_list(struct node *map, const char *key, const char *const *texts)
{
	struct node *list = node_new(NODE_LIST);

	for (; *texts; texts++)
		node_append(list, node_new_text(*texts));
	node_set(map, key, list);
}

struct node *schema_typed(const char *type, const char *doc)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "description", doc);
	node_set_text(n, "type", type);
	return n;
}

struct node *schema_text(const char *pattern, const char *doc)
{
	static const char *const types[] = {"string", "number", "boolean", NULL};
	struct node *n = schema_typed(NULL, doc);

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
	struct node *n = schema_typed(NULL, f->doc);

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
	struct node *n = schema_typed(NULL, f->doc), *all = node_new(NODE_LIST);
	uint64_t number;

	for (size_t i = 0; f->choices[i]; i++) {
		if (num_u64(f->choices[i], &number) == 0)
			node_append(all, node_new_plain(f->choices[i]));
		node_append(all, node_new_text(f->choices[i]));
	}
	node_set(n, "enum", all);
	return n;
}

struct node *schema_list(struct node *items, const char *doc)
{
	struct node *n = schema_typed("array", doc);

	node_set(n, "items", items);
	return n;
}

/* --- mappings -------------------------------------------------------------------- */

void schema_append(struct node *map, const char *key, struct node *item)
{
	if (!node_get(map, key))
		node_set(map, key, node_new(NODE_LIST));
	node_append(node_get(map, key), item);
}

struct node *schema_properties(struct node *object)
{
	return node_get_map(object, "properties");
}

/* {required: [NAME]} */
static struct node *has_key(const char *name)
{
	struct node *n = node_new(NODE_MAP);

	schema_append(n, "required", node_new_text(name));
	return n;
}

/* Of the alternatives, either the value, or one bound or both. */
static void add_alternative(struct node *object, struct node *bounds,
                            const struct field *f)
{
	if (f->type == FIELD_SIZE || f->type == FIELD_UINT)
		schema_append(bounds, "anyOf", has_key(f->name));
	else
		schema_append(object, "oneOf", has_key(f->name));
}

void schema_add_fields(struct node *object, const struct field *fields)
{
	_node_ struct node *bounds = node_new(NODE_MAP);
	const struct node *any;

	for (const struct field *f = fields; f->name; f++) {
		node_set(schema_properties(object), f->name, schema_field(f));
		if (f->required)
			schema_append(object, "required", node_new_text(f->name));
		if (f->alternative)
			add_alternative(object, bounds, f);
	}
	any = node_get(bounds, "anyOf");
	if (any && node_get(object, "oneOf"))
		schema_append(object, "oneOf", node_copy(bounds));
	else if (any)
		node_set(object, "anyOf", node_copy(any));
}

struct node *schema_closed(const char *doc)
{
	struct node *n = schema_typed("object", doc);

	node_set(n, "additionalProperties", node_new_bool(false));
	return n;
}

struct node *schema_fields(const struct field *fields, const char *doc)
{
	struct node *n = schema_closed(doc);

	schema_add_fields(n, fields);
	return n;
}

/* --- fields ---------------------------------------------------------------------- */

static struct node *word_schema(const struct field *f)
{
	struct node *n = node_new(NODE_MAP);

	schema_append(n, "anyOf", schema_text(BLANK_PATTERN, NULL));
	schema_append(n, "anyOf", schema_fields(f->fields, NULL));
	return n;
}

static struct node *vector_schema(const struct field *f)
{
	struct node *n = word_schema(f), *list = schema_list(word_schema(f), NULL);

	node_set_text(n, "description", f->doc);
	node_set(list, "minItems", node_new_uint(1));
	schema_append(n, "anyOf", list);
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
	schema_append(n, "anyOf", number);
	schema_append(n, "anyOf", schema_fields(bounds, NULL));
	return n;
}

/* A word or a list of words. */
static struct node *texts_schema(const struct field *f)
{
	struct node *n = node_new(NODE_MAP);
	struct node *list = schema_list(schema_text(WORD_PATTERN, NULL), NULL);

	node_set_text(n, "description", f->doc);
	schema_append(n, "anyOf", schema_text(NULL, NULL));
	node_set(list, "minItems", node_new_uint(1));
	schema_append(n, "anyOf", list);
	return n;
}

static struct node *date_schema(const struct field *f)
{
	struct node *n = schema_typed("string", f->doc);

	node_set_text(n, "pattern", DATE_PATTERN);
	return n;
}

struct node *schema_field(const struct field *f)
{
	switch (f->type) {
	case FIELD_TEXT: break;
	case FIELD_CHOICE: return choice_schema(f);
	case FIELD_BOOL: return schema_typed("boolean", f->doc);
	case FIELD_UINT:
	case FIELD_SIZE: return number_schema(f);
	case FIELD_EACH:
	case FIELD_WORDS: return schema_list(schema_text(WORD_PATTERN, NULL), f->doc);
	case FIELD_TEXTS: return texts_schema(f);
	case FIELD_DATE: return date_schema(f);
	case FIELD_ITEMS: return schema_list(schema_fields(f->fields, NULL), f->doc);
	case FIELD_OBJECT: return schema_fields(f->fields, f->doc);
	case FIELD_VECTOR: return vector_schema(f);
	case FIELD_BOUND: return bound_schema(f);
	}
	return schema_text(NULL, f->doc);
}
