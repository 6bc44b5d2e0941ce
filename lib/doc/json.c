/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/json.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "base/text/utf8.h"
#include "doc/json_places.h"
#include "doc/node.h"
#include "doc/yaml.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *allocate(size_t size)
{
	return mem_check(malloc(size ? size : 1));
}

/*
 * When memory runs out while it reads, jansson drops characters of a text, and says
 * nothing: its allocations must not fail.
 */
static void json_begin(void)
{
	json_set_alloc_funcs(allocate, free);
}

static struct node *from_json(const json_t *j);

static struct node *from_object(const json_t *j)
{
	struct node *map = node_new(NODE_MAP);
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)j, key, value)
		node_set(map, key, from_json(value));
	return map;
}

static struct node *from_array(const json_t *j)
{
	struct node *list = node_new(NODE_LIST);
	json_t *value;
	size_t i;

	json_array_foreach(j, i, value) node_append(list, from_json(value));
	return list;
}

static struct node *from_number(const json_t *j)
{
	_free_ char *text = NULL;

	if (json_is_integer(j))
		text = mem_format("%" JSON_INTEGER_FORMAT, json_integer_value(j));
	else
		/* + 0.0 drops the sign of -0.0, which would be read back as integer 0 */
		text = mem_format("%.17g", json_real_value(j) + 0.0);
	return node_new_plain(text);
}

static struct node *from_json(const json_t *j)
{
	switch (json_typeof(j)) {
	case JSON_OBJECT: return from_object(j);
	case JSON_ARRAY: return from_array(j);
	case JSON_STRING: return node_new_text(json_string_value(j));
	case JSON_INTEGER:
	case JSON_REAL: return from_number(j);
	case JSON_TRUE: return node_new_bool(true);
	case JSON_FALSE: return node_new_bool(false);
	case JSON_NULL: break;
	}
	return node_new_null();
}

/* jansson quotes what it read, and that may be anything. */
static void json_refuse(const json_error_t *at, struct err *e)
{
	_free_ char *reason = display_text(at->text);

	(void)err_set(e, -EBADMSG, "not JSON: line %d, column %d: %s", at->line,
	              at->column, reason);
}

struct node *node_json_parse(const char *text, size_t len, struct err *e)
{
	json_error_t at;
	json_t *j;
	struct node *n;

	json_begin();
	j = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
	if (!j) {
		json_refuse(&at, e);
		return NULL;
	}
	n = from_json(j);
	json_decref(j);
	return n;
}

struct node *node_json_parse_placed(const char *text, size_t len, const char *file,
                                    struct diagnostics *diag)
{
	_node_ struct node *n = NULL;
	json_error_t at;
	json_t *j;

	/* which says so; such a text may also be cut short */
	if (len > NODE_YAML_SIZE_MAX)
		return node_yaml_parse(text, len, file, diag);
	json_begin();
	j = json_loadb(text, len, JSON_REJECT_DUPLICATES, &at);
	if (!j) {
		_free_ char *reason = display_text(at.text);

		diag_error(diag,
		           (struct place){file, at.line > 0 ? (unsigned)at.line : 1,
		                          at.column > 0 ? (unsigned)at.column : 1},
		           "not JSON: %s", reason);
		return NULL;
	}
	n = from_json(j);
	json_decref(j);
	return json_places_set(n, text, len, file, diag) ? TAKE_PTR(n) : NULL;
}

/*
 * Count the values: a comma precedes each but the first of a list or mapping. An empty
 * list or mapping counts as two.
 */
static size_t count_values(const char *text, size_t len)
{
	bool quoted = false;
	size_t n = 1;

	for (size_t i = 0; i < len; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && text[i] && strchr(",[{", text[i]))
			n++;
	}
	return n;
}

struct node *node_json_parse_some(const char *text, size_t len, size_t max_values,
                                  struct err *e)
{
	if (count_values(text, len) <= max_values)
		return node_json_parse(text, len, e);
	(void)err_set(e, -EBADMSG, "more than %zu values", max_values);
	return NULL;
}

static json_t *to_json(const struct node *n);

static json_t *to_real(const char *text)
{
	char *end;
	double value = strtod(text, &end);
	bool number = *text && !*end && strspn(text, "0123456789+-.eE") == strlen(text);

	/* what is too large for a number stays a text */
	return number && isfinite(value) ? mem_check(json_real(value)) : NULL;
}

/* A host can return any bytes: text that is not UTF-8 is shown as Latin-1. */
static json_t *to_string(const char *text)
{
	_free_ char *valid = utf8_or_latin1(text);

	return mem_check(json_string(valid));
}

static json_t *to_scalar(const struct node *n)
{
	json_t *j = NULL;
	int64_t value;

	if (!n->plain)
		return to_string(n->text);
	if (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0)
		return json_boolean(n->text[0] == 't');
	if (strcmp(n->text, "null") == 0 || strcmp(n->text, "~") == 0 || !*n->text)
		return json_null();
	if (num_i64(n->text, &value) == 0)
		return mem_check(json_integer(value));
	j = to_real(n->text);
	return j ? j : to_string(n->text);
}

static json_t *to_json(const struct node *n)
{
	json_t *j;

	if (n->type == NODE_SCALAR)
		return to_scalar(n);
	j = mem_check(n->type == NODE_MAP ? json_object() : json_array());
	node_for_each (item, n) {
		_free_ char *key = n->type == NODE_MAP ? utf8_or_latin1(item->key) : NULL;

		mem_need((key ? json_object_set_new(j, key, to_json(item))
		              : json_array_append_new(j, to_json(item))) == 0);
	}
	return j;
}

/*
 * Escape what a text file cannot have, such as DEL and C1 controls, which jansson leaves
 * as they are: YAML readers and our own refuse them. Takes ownership of `text`.
 */
static char *escape_unprintable(char *text)
{
	const char *end = text + strlen(text);
	_buf_ struct buf b = {0};

	if (utf8_all_printable(text))
		return text;
	for (const char *p = text, *from = p; p < end; from = p) {
		int32_t code = utf8_next(&p, end);

		if (utf8_is_printable(code))
			buf_add_n(&b, from, (size_t)(p - from));
		else
			buf_addf(&b, "\\u%04" PRIX32, (uint32_t)code);
	}
	free(text);
	return buf_take(&b);
}

char *node_json_format(const struct node *n, bool pretty)
{
	json_t *j;
	char *text;

	json_begin();
	j = to_json(n);
	text = json_dumps(j, JSON_ENCODE_ANY | (pretty ? JSON_INDENT(2) : 0));
	json_decref(j);
	/* jansson uses malloc, so the caller can free */
	return escape_unprintable(mem_check(text));
}

char *node_json_line(const struct node *n)
{
	return node_json_format(n, false);
}
