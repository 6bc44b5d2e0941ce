/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/toml.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"

#include <string.h>

#define BARE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

/* JSON scalars are valid TOML, except null. */
static void add_scalar(struct buf *b, const struct node *n)
{
	_free_ char *json = node_json_format(n, false);

	buf_add(b, strcmp(json, "null") == 0 ? "\"\"" : json);
}

static void add_key(struct buf *b, const char *key)
{
	_node_ struct node *quoted = NULL;

	if (*key && !key[strspn(key, BARE)]) {
		buf_add(b, key);
		return;
	}
	quoted = node_new_text(key);
	add_scalar(b, quoted);
}

static void add_value(struct buf *b, const struct node *n)
{
	const char *separator = "";

	if (n->type == NODE_SCALAR) {
		add_scalar(b, n);
		return;
	}
	buf_add(b, n->type == NODE_LIST ? "[" : "{");
	node_for_each (item, n) {
		buf_add(b, separator);
		separator = ", ";
		if (n->type == NODE_MAP) {
			add_key(b, item->key);
			buf_add(b, " = ");
		}
		add_value(b, item);
	}
	buf_add(b, n->type == NODE_LIST ? "]" : "}");
}

/* `header` is the dotted and quoted table name, "" at the top. */
static void add_table(struct buf *b, const struct node *map, const char *header)
{
	bool named = false;

	node_for_each (item, map) {
		if (item->type == NODE_MAP)
			continue;
		if (*header && !named)
			buf_addf(b, "%s[%s]\n", b->len ? "\n" : "", header);
		named = true;
		add_key(b, item->key);
		buf_add(b, " = ");
		add_value(b, item);
		buf_add(b, "\n");
	}
	/* an empty table has nothing but its header */
	if (map->n == 0 && *header)
		buf_addf(b, "%s[%s]\n", b->len ? "\n" : "", header);
	node_for_each (item, map) {
		_buf_ struct buf below = {0};

		if (item->type != NODE_MAP)
			continue;
		buf_addf(&below, "%s%s", header, *header ? "." : "");
		add_key(&below, item->key);
		add_table(b, item, below.text);
	}
}

char *node_toml_format(const struct node *root)
{
	_buf_ struct buf b = {0};

	add_table(&b, root, "");
	return buf_take(&b);
}
