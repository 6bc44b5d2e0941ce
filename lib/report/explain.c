/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Topics for people: a title, what it is, and a labelled part for each other member. */
#include "report/explain.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "report/wrap.h"

#include <string.h>

#define INDENT       17
#define INDEX_INDENT 24

static const char *text_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->text ? n->text : "";
}

/* The label of a member, if it is not the member's name. */
static char *label_of(const char *key)
{
	if (strcmp(key, "remedy") == 0)
		return mem_dup("  fix:");
	return mem_format("  %s:", key);
}

static void print_use(const struct node *use, const char *label, FILE *out)
{
	const char *value = text_of(use, "value");
	_free_ char *text = mem_format("%s, line %s%s%s", text_of(use, "profile"),
	                               text_of(use, "line"), *value ? ": " : "", value);

	report_wrap(label, INDENT, text, out);
	if (*text_of(use, "comment"))
		report_wrap("", INDENT + 2, text_of(use, "comment"), out);
}

static void print_related(const struct node *related, const char *label, FILE *out)
{
	_free_ char *text =
		mem_format("%s: %s", text_of(related, "key"), text_of(related, "how"));

	report_wrap(label, INDENT, text, out);
}

/* Words in one paragraph, sentences and mappings one below the other. */
static void print_list(const struct node *list, const char *label, FILE *out)
{
	_buf_ struct buf words = {0};

	node_for_each (item, list) {
		if (node_get(item, "profile"))
			print_use(item, label, out);
		else if (item->type == NODE_MAP)
			print_related(item, label, out);
		else if (strchr(item->text, ' '))
			report_wrap(label, INDENT, item->text, out);
		else
			buf_join(&words, ", ", item->text);
		if (words.len == 0)
			label = "";
	}
	if (words.len > 0)
		report_wrap(label, INDENT, words.text, out);
}

static bool is_title(const char *key)
{
	return strcmp(key, "topic") == 0 || strcmp(key, "name") == 0 ||
	       strcmp(key, "text") == 0;
}

static void print_topic(const struct node *topic, FILE *out)
{
	const char *text = text_of(topic, "text");

	(void)fprintf(out, "%s (%s)\n", text_of(topic, "name"), text_of(topic, "topic"));
	report_wrap("", 2, *text ? text : "known by type only: see the source below",
	            out);
	(void)fputc('\n', out);
	node_for_each (member, topic) {
		_free_ char *label = label_of(member->key);

		if (is_title(member->key))
			continue;
		if (member->type == NODE_LIST)
			print_list(member, label, out);
		else
			report_wrap(label, INDENT, member->text, out);
	}
}

void report_explain(const struct node *list, FILE *out)
{
	node_for_each (topic, list) {
		if (topic != list->items[0])
			(void)fputc('\n', out);
		print_topic(topic, out);
	}
}

void report_explain_index(const struct node *list, FILE *out)
{
	const char *sort = "";
	size_t by_type = 0;

	(void)fputs(
		"\"hosttune explain WORD\" explains these words, in any case. The last "
		"part of a\nname is enough, and * and ? match several names.\n",
		out);
	node_for_each (topic, list) {
		const char *text = text_of(topic, "text");
		_free_ char *name = mem_format("  %s", text_of(topic, "name"));

		if (!*text) {
			by_type++;
			continue;
		}
		if (strcmp(text_of(topic, "topic"), sort) != 0) {
			sort = text_of(topic, "topic");
			(void)fprintf(out, "\n%s:\n", sort);
		}
		report_wrap(name, INDEX_INDENT, text, out);
	}
	(void)fprintf(out, "\nand %zu sysctls that are known by type and range only.\n",
	              by_type);
}
