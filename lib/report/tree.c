/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/tree.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "doc/json.h"
#include "doc/node.h"

#include <string.h>

void report_tree_json(const struct node *tree, FILE *out)
{
	_free_ char *text = node_json_format(tree, true);

	(void)fprintf(out, "%s\n", text);
}

static char *quoted(const char *text, bool plain)
{
	_node_ struct node *n = NULL;

	if (plain)
		return mem_dup(text);
	n = node_new_text(text);
	return node_json_line(n);
}

static char *key_text(const char *key)
{
	return quoted(key, !key[strspn(key, "abcdefghijklmnopqrstuvwxyz"
	                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-")]);
}

/* Whether the items fit on one line; one with a comment does not, as a formula has. */
static bool only_scalars(const struct node *n)
{
	node_for_each (item, n)
		if (item->type != NODE_SCALAR || item->formula || item->lead ||
		    item->comment)
			return false;
	return true;
}

/* "[a, b]": scalars only, quoted where a comma or bracket would end them. */
static char *flow(const struct node *list)
{
	_buf_ struct buf b = {0};

	node_for_each (item, list) {
		_free_ char *text =
			quoted(item->text, item->plain && !strpbrk(item->text, ",[]{}"));

		buf_join(&b, ", ", text);
	}
	return mem_format("[%s]", b.text ? b.text : "");
}

/* The text after "key: " or "- " on its line; NULL if the value needs more lines. */
static char *one_line(const struct node *n)
{
	if (n->type == NODE_SCALAR)
		return quoted(n->text, n->plain);
	if (n->n == 0)
		return mem_dup(n->type == NODE_MAP ? "{}" : "[]");
	return n->type == NODE_LIST && only_scalars(n) ? flow(n) : NULL;
}

static void write_block(const struct node *n, const char *lead, int indent,
                        report_comment *comment, FILE *out);

/* Write the comments before a value. `first`: of its parent; an empty line adds nothing.
 */
static void write_lead(const struct node *n, bool first, int indent, FILE *out)
{
	size_t len;

	for (const char *p = n->lead ? n->lead : ""; *p; p += len + (p[len] == '\n')) {
		len = strcspn(p, "\n");
		if (len > 0)
			(void)fprintf(out, "%*s%.*s\n", indent, "", (int)len, p);
		else if (!first)
			(void)fputc('\n', out);
		first &= len == 0;
	}
}

/* Write a map member (`key`) or list item (NULL) whose line is started. */
static void write_item(const struct node *item, const char *key, int indent,
                       report_comment *comment, FILE *out)
{
	_free_ char *line = one_line(item), *below = mem_format("%*s", indent + 2, "");

	if (line) {
		(void)fprintf(out, "%s%s%s", key ? key : "-", key ? ": " : " ", line);
		comment(item, out);
	} else if (key) {
		(void)fprintf(out, "%s:\n", key);
		write_block(item, below, indent + 2, comment, out);
	} else {
		write_block(item, "- ", indent + 2, comment, out);
	}
}

/* Write all items: `lead` before the first line, `indent` blanks before others. */
static void write_block(const struct node *n, const char *lead, int indent,
                        report_comment *comment, FILE *out)
{
	bool first = true;

	node_for_each (item, n) {
		_free_ char *key = n->type == NODE_MAP ? key_text(item->key) : NULL;

		/* a line that has started, as "- " does, has no room before it */
		if (!first || !lead[strspn(lead, " ")])
			write_lead(item, first, indent, out);
		if (!key && item->type == NODE_MAP && item->n > 0)
			write_lead(item->items[0], first, indent, out);
		if (first)
			(void)fputs(lead, out);
		else
			(void)fprintf(out, "%*s", indent, "");
		first = false;
		write_item(item, key, indent, comment, out);
	}
}

/* A value of the host may contain anything; a comment is one line. */
void report_line(const char *text, FILE *out)
{
	_free_ char *printed = display_text(text);

	(void)fprintf(out, "%s\n", printed);
}

void report_own_comment(const struct node *value, FILE *out)
{
	if (value->comment)
		(void)fputs("  # ", out);
	report_line(value->comment ? value->comment : "", out);
}

void report_yaml(const struct node *tree, report_comment *comment, FILE *out)
{
	write_block(tree, "", 0, comment, out);
}

void report_yaml_member(const struct node *value, report_comment *comment, FILE *out)
{
	_free_ char *key = key_text(value->key);

	write_item(value, key, 0, comment, out);
}
