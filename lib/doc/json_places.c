/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Read valid JSON once more beside its tree: jansson does not say where a value was. */
#include "doc/json_places.h"

#include "base/diagnostics.h"
#include "doc/node.h"
#include "doc/yaml.h"

#include <string.h>

struct cursor {
	const char *at, *end;
	struct place place;
};

/* Pass one byte; only the first of a character counts. */
static void cursor_step(struct cursor *c)
{
	if (c->at == c->end)
		return;
	if (*c->at == '\n') {
		c->place.line++;
		c->place.col = 1;
	} else if (((unsigned char)*c->at & 0xc0) != 0x80) {
		c->place.col++;
	}
	c->at++;
}

static bool cursor_is_at(const struct cursor *c, const char *characters)
{
	return c->at < c->end && *c->at && strchr(characters, *c->at);
}

/* What separates values, keys and brackets. */
static void skip_separators(struct cursor *c)
{
	while (cursor_is_at(c, " \t\r\n,:"))
		cursor_step(c);
}

/* A string, number, true, false or null. */
static void skip_scalar(struct cursor *c)
{
	bool quoted = cursor_is_at(c, "\"");

	cursor_step(c);
	while (c->at < c->end && !cursor_is_at(c, quoted ? "\"" : " \t\r\n,:]}")) {
		if (quoted && *c->at == '\\')
			cursor_step(c);
		cursor_step(c);
	}
	if (quoted)
		cursor_step(c);
}

static bool json_places_below(struct cursor *c, struct node *n, unsigned depth,
                              struct diagnostics *diag)
{
	skip_separators(c);
	n->at = c->place;
	if (depth > NODE_YAML_DEPTH_MAX) {
		diag_error(diag, n->at, "nested too deeply (limit: 32 levels)");
		return false;
	}
	if (n->type == NODE_SCALAR) {
		skip_scalar(c);
		return true;
	}
	cursor_step(c);
	node_for_each (item, n) {
		if (n->type == NODE_MAP) {
			skip_separators(c);
			item->key_at = c->place;
			skip_scalar(c);
		}
		if (!json_places_below(c, item, depth + 1, diag))
			return false;
	}
	skip_separators(c);
	cursor_step(c);
	return true;
}

bool json_places_set(struct node *tree, const char *text, size_t len, const char *file,
                     struct diagnostics *diag)
{
	struct cursor c = {text, text + len, {.file = file, .line = 1, .col = 1}};

	return json_places_below(&c, tree, 0, diag);
}
