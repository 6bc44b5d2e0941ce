/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/baseline/baseline.h"

#include "base/macro.h"
#include "baseline/cause.h"
#include "baseline/compare.h"
#include "doc/node.h"
#include "report/tree.h"

static void copy_member(struct node *to, const struct node *from, const char *key)
{
	const struct node *value = node_get(from, key);

	node_set(to, key, value ? node_copy(value) : node_new_null());
}

/* The parts of a document that say of which node and moment it is. */
static struct node *side_node(const struct node *document, const char *file)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text_or_null(n, "file", file);
	copy_member(n, document, "version");
	copy_member(n, document, "saved");
	copy_member(n, document, "host");
	return n;
}

static struct node *change_node(const struct baseline_change *c)
{
	static const char *const types[] = {[CHANGE_CONFIGURATION] = "configuration",
	                                    [CHANGE_WORSE] = "worse",
	                                    [CHANGE_BETTER] = "better"};
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "reason", c->cause->word);
	node_set_text(n, "type", types[c->type]);
	node_set_text(n, "subject", c->subject);
	node_set_text_or_null(n, "what", c->what);
	node_set_text_or_null(n, "was", c->was);
	node_set_text_or_null(n, "now", c->now);
	node_set_text_or_null(n, "why",
	                      c->type == CHANGE_BETTER ? NULL : c->cause->causes);
	node_set_text_or_null(n, "remedy", c->remedy);
	node_set_text_or_null(n, "source", c->cause->source);
	return n;
}

static struct node *note_node(const struct baseline_note *note)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "what", note->what);
	node_set_text(n, "why", note->why);
	node_set(n, "unread", node_new_bool(note->unread));
	return n;
}

static struct node *summary_node(const struct baseline_comparison *c)
{
	size_t counts[CHANGE_BETTER + 1] = {0};
	struct node *n = node_new(NODE_MAP);

	for (size_t i = 0; i < c->n; i++)
		counts[c->changes[i].type]++;
	node_set(n, "configuration", node_new_uint(counts[CHANGE_CONFIGURATION]));
	node_set(n, "worse", node_new_uint(counts[CHANGE_WORSE]));
	node_set(n, "better", node_new_uint(counts[CHANGE_BETTER]));
	node_set(n, "unread", node_new_uint(c->n_unread));
	return n;
}

/* -1: unknown. */
static struct node *yes_or_no(int value)
{
	return value < 0 ? node_new_null() : node_new_bool(value > 0);
}

void report_baseline_json(const struct baseline_report *r, FILE *out)
{
	_node_ struct node *n = node_new(NODE_MAP);
	struct node *changes = node_new(NODE_LIST), *notes = node_new(NODE_LIST);

	for (size_t i = 0; i < r->c->n; i++)
		node_append(changes, change_node(&r->c->changes[i]));
	for (size_t i = 0; i < r->c->n_notes; i++)
		node_append(notes, note_node(&r->c->notes[i]));
	node_set(n, "version", node_new_uint(1));
	node_set(n, "was", side_node(r->was, r->file));
	node_set(n, "now", side_node(r->now, r->other));
	node_set(n, "other_node", yes_or_no(r->c->other_node));
	node_set(n, "rebooted", yes_or_no(r->c->rebooted));
	node_set(n, "tolerance_percent", node_new_uint(r->c->tolerance));
	node_set(n, "changes", changes);
	node_set(n, "notes", notes);
	node_set(n, "summary", summary_node(r->c));
	report_tree_json(n, out);
}
