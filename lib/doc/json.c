/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/json.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "base/text/utf8.h"
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

/* The value of "\\uXXXX", which valid JSON has at `p`. 0: it is another escape. */
static uint32_t escaped_unit(const char *p)
{
	char digits[5] = "";

	if (p[0] != '\\' || p[1] != 'u')
		return 0;
	memcpy(digits, p + 2, 4);
	return (uint32_t)strtoul(digits, NULL, 16);
}

/* Valid JSON with pairs of surrogates as the character: YAML has no such escapes. */
static char *join_surrogates(const char *text, size_t len)
{
	_buf_ struct buf b = {0};

	for (const char *p = text; p < text + len;) {
		uint32_t first = escaped_unit(p);
		size_t n = *p == '\\' ? 2 : 1;

		if (first >= 0xd800 && first < 0xdc00) {
			(void)utf8_add(&b, 0x10000 + ((first - 0xd800) << 10) +
			                           (escaped_unit(p + 6) - 0xdc00));
			p += 12;
			continue;
		}
		buf_add_n(&b, p, n);
		p += n;
	}
	return buf_take(&b);
}

/* The YAML reader has the places; only what is JSON gets there. */
struct node *node_json_parse_placed(const char *text, size_t len, const char *file,
                                    struct diagnostics *diag)
{
	_free_ char *joined = NULL;
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
	json_decref(j);
	joined = join_surrogates(text, len);
	return node_yaml_parse(joined, strlen(joined), file, diag);
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

/* --- writing: straight from the tree, since a report may have thousands of values ----
 */

/* A host can return any bytes: text that is not UTF-8 is shown as Latin-1. */
static void add_string(struct buf *b, const char *text)
{
	static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	_free_ char *valid = utf8_or_latin1(text);
	const char *p = valid, *at;

	buf_add(b, "\"");
	for (;;) {
		size_t n = 0;

		while ((unsigned char)p[n] >= ' ' && p[n] != '"' && p[n] != '\\')
			n++;
		buf_add_n(b, p, n);
		p += n;
		if (!*p)
			break;
		at = strchr(escaped, *p);
		if (at)
			buf_addf(b, "\\%c", letters[at - escaped]);
		else
			buf_addf(b, "\\u%04X", (unsigned char)*p);
		p++;
	}
	buf_add(b, "\"");
}

/* Return: whether the text is a number that JSON can have. */
static bool add_real(struct buf *b, const char *text)
{
	char *end;
	double value = strtod(text, &end);
	bool number = *text && !*end && strspn(text, "0123456789+-.eE") == strlen(text);
	_free_ char *printed = NULL;
	json_t *j;

	/* what is too large for a number stays a text */
	if (!number || !isfinite(value))
		return false;
	json_begin();
	j = mem_check(json_real(value));
	printed = mem_check(json_dumps(j, JSON_ENCODE_ANY));
	json_decref(j);
	buf_add(b, printed);
	return true;
}

static void add_scalar(struct buf *b, const struct node *n)
{
	int64_t value;

	if (!n->plain)
		add_string(b, n->text);
	else if (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0)
		buf_add(b, n->text);
	else if (strcmp(n->text, "null") == 0 || strcmp(n->text, "~") == 0 || !*n->text)
		buf_add(b, "null");
	else if (num_i64(n->text, &value) == 0)
		buf_addf(b, "%" PRId64, value);
	else if (!add_real(b, n->text))
		add_string(b, n->text);
}

static void add_line(struct buf *b, int depth)
{
	if (depth >= 0)
		buf_add(b, "\n");
	for (; depth > 0; depth--)
		buf_add(b, "  ");
}

/* `depth`: of the indentation; negative: all in one line. */
static void add_json(struct buf *b, const struct node *n, int depth)
{
	bool map = n->type == NODE_MAP;
	int below = depth < 0 ? depth : depth + 1;

	if (n->type == NODE_SCALAR) {
		add_scalar(b, n);
		return;
	}
	buf_add(b, map ? "{" : "[");
	node_for_each (item, n) {
		if (i_item > 0)
			buf_add(b, depth < 0 ? ", " : ",");
		add_line(b, below);
		if (map) {
			add_string(b, item->key);
			buf_add(b, ": ");
		}
		add_json(b, item, below);
	}
	if (n->n > 0)
		add_line(b, depth);
	buf_add(b, map ? "}" : "]");
}

char *node_json_format(const struct node *n, bool pretty)
{
	struct buf b = {0};

	add_json(&b, n, pretty ? 0 : -1);
	return buf_take(&b);
}

char *node_json_line(const struct node *n)
{
	return node_json_format(n, false);
}
