/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "doc/toml.h"
#include "doc/toml_reader.h"
#include "doc/yaml.h"

#include <stdlib.h>
#include <string.h>

#define BARE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

/* --- keys -----------------------------------------------------------------------------
 */

static struct node *read_segment(struct toml_reader *r)
{
	struct place at = toml_place(r);
	_free_ char *text = NULL;
	struct node *n;
	size_t len;

	if (toml_accept(r, "\"\"\"") || toml_accept(r, "'''"))
		return toml_fail(r, at, "a key is on one line");
	if (r->p < r->end && (*r->p == '"' || *r->p == '\'')) {
		text = toml_read_string(r);
	} else {
		for (len = 0;
		     r->p + len < r->end && r->p[len] && strchr(BARE, r->p[len]);)
			len++;
		if (len == 0)
			return toml_fail(r, at, "not a key (quote other characters)");
		text = mem_dup_n(r->p, len);
		r->p += len;
	}
	if (!text)
		return NULL;
	n = node_new_text(text);
	n->at = at;
	return n;
}

struct node *toml_read_key(struct toml_reader *r)
{
	_node_ struct node *key = node_new(NODE_LIST);

	do {
		struct node *segment;

		toml_skip_blanks(r);
		if (key->n >= NODE_YAML_DEPTH_MAX)
			return toml_fail_depth(r, toml_place(r));
		segment = read_segment(r);
		if (!segment)
			return NULL;
		node_append(key, segment);
		toml_skip_blanks(r);
	} while (toml_accept(r, "."));
	return TAKE_PTR(key);
}

/*
 * Find or create the table that holds the last part of the key. A list stands for its
 * last table. Return: NULL, reported, if another value is in the way.
 */
static struct node *table_above(struct toml_reader *r, struct node *table,
                                const struct node *key)
{
	for (size_t i = 0; i + 1 < key->n; i++) {
		const struct node *segment = key->items[i];
		struct node *below = node_get(table, segment->text);

		if (!below) {
			below = node_new(NODE_MAP);
			below->key_at = segment->at;
			node_set(table, segment->text, below);
		}
		if (below->type == NODE_LIST && below->n > 0)
			below = below->items[below->n - 1];
		if (below->type != NODE_MAP)
			return toml_fail(r, segment->at, "the key has a value already");
		table = below;
	}
	return table;
}

bool toml_set(struct toml_reader *r, struct node *table, const struct node *key,
              struct node *value)
{
	const struct node *last = key->items[key->n - 1];

	table = table_above(r, table, key);
	if (table && node_get(table, last->text))
		table = toml_fail(r, last->at, "duplicate key");
	if (!table) {
		node_free(value);
		return false;
	}
	value->key_at = last->at;
	node_set(table, last->text, value);
	return true;
}

/* --- tables ---------------------------------------------------------------------------
 */

static void add_lead(struct node *n, char *lead, char *comment)
{
	_free_ char *had = n->lead, *lines = lead, *last = comment;

	n->lead = NULL;
	if (had || lines || last)
		n->lead =
			mem_format("%s%s%s%s%s", had ? had : "", lines ? lines : "",
		                   last ? "# " : "", last ? last : "", last ? "\n" : "");
}

/* [a.b]: a table that is only implied has no line yet. */
static struct node *open_table(struct toml_reader *r, struct node *above,
                               const struct node *last)
{
	struct node *table = node_get(above, last->text);

	if (table && (table->type != NODE_MAP || table->at.line))
		return toml_fail(r, last->at, "duplicate table");
	if (!table) {
		table = node_new(NODE_MAP);
		node_set(above, last->text, table);
	}
	table->at = table->key_at = last->at;
	return table;
}

/* [[a.b]]: one more table of a list. */
static struct node *open_item(struct toml_reader *r, struct node *above,
                              const struct node *last)
{
	struct node *list = node_get(above, last->text), *item;

	if (list && list->type != NODE_LIST)
		return toml_fail(r, last->at, "the key has a value already");
	if (!list) {
		list = node_new(NODE_LIST);
		list->at = list->key_at = last->at;
		node_set(above, last->text, list);
	}
	item = node_new(NODE_MAP);
	item->at = last->at;
	node_append(list, item);
	return item;
}

static struct node *read_header(struct toml_reader *r, struct node *root)
{
	bool item = toml_accept(r, "[[");
	_free_ char *lead = comments_take(&r->comments, &root->lead);
	_node_ struct node *key = NULL;
	struct node *table;
	char *comment;

	r->p += !item;
	key = toml_read_key(r);
	if (!key)
		return NULL;
	if (!toml_accept(r, item ? "]]" : "]"))
		return toml_fail(r, toml_place(r), "] is missing");
	table = table_above(r, root, key);
	if (table)
		table = item ? open_item(r, table, key->items[key->n - 1])
		             : open_table(r, table, key->items[key->n - 1]);
	if (!table || !toml_end_line(r, &comment))
		return NULL;
	add_lead(table, TAKE_PTR(lead), comment);
	return table;
}

/* "key = value", as far as the value. Return: NULL, reported, if it is not that. */
static struct node *toml_read_pair(struct toml_reader *r, struct node *table)
{
	_node_ struct node *key = toml_read_key(r);
	struct node *value;

	if (!key)
		return NULL;
	if (!toml_accept(r, "="))
		return toml_fail(r, toml_place(r), "= is missing after a key");
	toml_skip_blanks(r);
	value = toml_read_value(r, (unsigned)key->n);
	return value && toml_set(r, table, key, value) ? value : NULL;
}

static bool read_member(struct toml_reader *r, struct node *root, struct node *table)
{
	_free_ char *lead = comments_take(&r->comments, &root->lead);
	struct node *value = toml_read_pair(r, table);

	if (!value)
		return false;
	add_lead(value, TAKE_PTR(lead), NULL);
	/* comments inside a list */
	add_lead(value, comments_take_rest(&r->comments), NULL);
	return toml_end_line(r, &value->comment);
}

/*
 * A table that is only implied gets the place of its first key. Return: false, reported,
 * if the headers, keys and values that were read, none too deep, are together.
 */
static bool place_all(struct toml_reader *r, struct node *n, unsigned depth)
{
	if (n->at.line == 0)
		n->at = n->key_at;
	if (depth > NODE_YAML_DEPTH_MAX)
		return toml_fail_depth(r, n->at);
	node_for_each (item, n)
		if (!place_all(r, item, depth + 1))
			return false;
	return true;
}

struct node *node_toml_parse(const char *text, size_t len, const char *file,
                             struct diagnostics *diag)
{
	struct toml_reader r = {.p = text,
	                        .end = text + len,
	                        .line_start = text,
	                        .line = 1,
	                        .file = file,
	                        .diag = diag};
	_node_ struct node *root = node_new(NODE_MAP);
	struct node *table = root;

	root->at = toml_place(&r);
	for (;;) {
		toml_skip_lines(&r);
		if (r.p == r.end)
			break;
		if (*r.p == '[')
			table = read_header(&r, root);
		else if (!read_member(&r, root, table))
			table = NULL;
		if (!table) {
			comments_done(&r.comments);
			return NULL;
		}
	}
	root->comment = comments_take_rest(&r.comments);
	return place_all(&r, root, 0) ? TAKE_PTR(root) : NULL;
}
