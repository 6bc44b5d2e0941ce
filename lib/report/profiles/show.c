/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "bottlerocket/secret.h"
#include "doc/json.h"
#include "doc/node.h"
#include "profile/profile.h"
#include "report/origin.h"
#include "report/profiles/profiles.h"
#include "report/tree.h"
#include "resource/kinds.h"

#include <string.h>

/* Copy the merged profile for a report: without secrets. Owned by the caller. */
static struct node *shown_tree(const struct profile *p)
{
	const char *section = kinds_shaped(SECTION_TREE)->section;
	struct node *tree = node_copy(p->tree);
	const struct node *settings = node_get(tree, section);

	if (settings)
		node_set(tree, section, secret_hide(NULL, 0, settings));
	return tree;
}

static void place_comment(const struct node *n, FILE *out)
{
	/* one that could not be computed is the value itself */
	bool computed = n->formula && strcmp(n->formula, n->text) != 0;
	_free_ char *file = display_text(n->at.file);

	(void)fprintf(out, "  # %s%s%s:%u", computed ? n->formula : "",
	              computed ? ", " : "", file, n->at.line);
	for (const struct node *had = n->overrode; had; had = had->overrode) {
		_free_ char *over = display_text(had->at.file);

		(void)fprintf(out, ", over %s:%u", over, had->at.line);
	}
	(void)fputc('\n', out);
}

/* List what the files set in a section only for other nodes. */
static void write_excluded(const struct profile *p, const char *section, FILE *out)
{
	for (size_t i = 0; i < p->excluded.n; i++) {
		const struct excluded *o = &p->excluded.list[i];
		_free_ char *file = display_text(o->at.file);

		if (strcmp(o->kind->section, section) == 0)
			(void)fprintf(out, "# skipped: %s %s, when \"%s\" (%s:%u)\n",
			              excluded_kind(o), o->name, o->when, file,
			              o->at.line);
	}
}

void report_show(const struct profile *p, FILE *out)
{
	_node_ struct node *tree = shown_tree(p);

	node_for_each (item, tree) {
		report_yaml_member(item, place_comment, out);
		write_excluded(p, item->key, out);
	}
	/* sections with nothing for this node */
	for (const struct kind *const *k = kinds; *k; k++)
		if (kinds_find((*k)->section) == *k && !node_get(p->tree, (*k)->section))
			write_excluded(p, (*k)->section, out);
}

/* One value of the merged profile, and where the value it replaced was. */
static struct node *value_node(const char *path, const struct node *value)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "path", path);
	node_set(n, "value", node_copy(value));
	node_set_text(n, "formula", value->formula);
	node_set(n, "origin", report_place(value->at));
	if (value->overrode)
		node_set(n, "overrode", report_place(value->overrode->at));
	return n;
}

static void add_values(struct node *list, const char *path, const struct node *n)
{
	size_t i = 0;

	if (n->type == NODE_SCALAR) {
		node_append(list, value_node(path, n));
		return;
	}
	node_for_each (item, n) {
		_free_ char *below = NULL;

		if (n->type == NODE_MAP)
			below = mem_format("%s/%s", path, item->key);
		else
			below = mem_format("%s/%zu", path, i++);
		add_values(list, below, item);
	}
}

static struct node *excluded_node(const struct profile *p)
{
	struct node *all = node_new(NODE_LIST);

	for (size_t i = 0; i < p->excluded.n; i++) {
		const struct excluded *o = &p->excluded.list[i];
		struct node *n = node_new(NODE_MAP);

		node_set_text(n, "kind", excluded_kind(o));
		node_set_text(n, "name", o->name);
		node_set_text(n, "when", o->when);
		node_set(n, "origin", report_place(o->at));
		node_append(all, n);
	}
	return all;
}

void report_show_json(const struct profile *p, FILE *out)
{
	_node_ struct node *n = node_new(NODE_MAP);
	_node_ struct node *tree = shown_tree(p);
	struct node *values = node_new(NODE_LIST);

	add_values(values, "", tree);
	node_set(n, "version", node_new_uint(1));
	node_set(n, "profiles", report_sources(p));
	node_set(n, "values", values);
	node_set(n, "left_out", excluded_node(p));
	report_tree_json(n, out);
}
