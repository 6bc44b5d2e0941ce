/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Where the built-in profiles set a value, with the comment that is its source. */
#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "explain/topic.h"
#include "profile/builtin.h"
#include "sysctl/key.h"

#include <stdbool.h>
#include <string.h>

/* --- text of a profile, by line
 * ------------------------------------------------------------ */

/* The line `number` (from 1) of a text, without its end. Return: its length. */
static size_t line_at(const char *text, unsigned number, const char **ret)
{
	for (; number > 1 && *text; number--)
		text += strcspn(text, "\n") + 1;
	*ret = text;
	return strcspn(text, "\n");
}

static bool is_comment(const char *line)
{
	return line[strspn(line, " ")] == '#';
}

/* The value as the profile writes it: what follows the key on its line; "" if below. */
static char *value_at(const struct builtin *b, unsigned number)
{
	const char *line, *value;
	size_t len = line_at(b->text, number, &line);

	value = memchr(line, ':', len);
	if (!value)
		return mem_dup("");
	value += 1 + strspn(value + 1, " ");
	return mem_dup_n(value, value < line + len ? (size_t)(line + len - value) : 0);
}

/*
 * The comment of a line: the block above it. A block above several sysctls belongs to all
 * of them, up to the next block.
 */
static char *comment_at(const struct builtin *b, unsigned number, bool shared)
{
	_buf_ struct buf text = {0};
	unsigned last = number - 1, first;
	const char *line;
	size_t len;

	for (; last > 0; last--) {
		(void)line_at(b->text, last, &line);
		if (is_comment(line))
			break;
		if (!shared || *line != ' ')
			return NULL;
	}
	for (first = last; first > 1; first--) {
		(void)line_at(b->text, first - 1, &line);
		if (!is_comment(line))
			break;
	}
	for (; first <= last && last > 0; first++) {
		len = line_at(b->text, first, &line);
		for (; len > 0 && (*line == ' ' || *line == '#'); len--)
			line++;
		if (text.len > 0)
			buf_add(&text, " ");
		buf_add_n(&text, line, len);
	}
	return text.len > 0 ? buf_take(&text) : NULL;
}

/* --- values of profiles
 * ---------------------------------------------------------------------- */

struct use {
	struct node *list;
	const struct builtin *builtin;
	bool shared;
};

static void add_use(const struct use *u, const struct node *value)
{
	struct node *n = node_new(NODE_MAP);
	unsigned line = value->key_at.line;
	_free_ char *text = value_at(u->builtin, line);
	_free_ char *comment = comment_at(u->builtin, line, u->shared);

	node_set_text(n, "profile", u->builtin->name);
	node_set(n, "line", node_new_uint(line));
	topic_set(n, "value", text);
	topic_set(n, "comment", comment);
	node_append(u->list, n);
}

static void find_uses(const struct use *u, const struct node *at, const char *const *path)
{
	if (at->type == NODE_LIST && *path) {
		node_for_each (item, at)
			find_uses(u, item, path);
		return;
	}
	if (at->type != NODE_MAP)
		return;
	node_for_each (member, at) {
		_free_ char *key = sysctl_key_canonical(member->key);

		if (strcmp(key, path[0]) != 0)
			continue;
		if (path[1])
			find_uses(u, member, path + 1);
		else
			add_use(u, member);
	}
}

void topic_set_profiles(struct node *topic, const char *const *path)
{
	_node_ struct node *list = node_new(NODE_LIST);

	for (const struct builtin *b = builtins(); b->name; b++) {
		_diagnostics_ struct diagnostics diag = {0};
		_node_ struct node *root =
			node_yaml_parse(b->text, strlen(b->text), b->file, &diag);
		struct use u = {list, b, strcmp(path[0], "sysctl") == 0};

		if (root)
			find_uses(&u, root, path);
	}
	if (list->n > 0)
		node_set(topic, "profiles", TAKE_PTR(list));
}
