/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/capture/capture.h"

#include "base/mem.h"
#include "doc/node.h"
#include "engine/capture/persisted.h"
#include "engine/plan.h"
#include "host/host.h"
#include "profile/load.h"
#include "profile/merge.h"
#include "profile/profile.h"
#include "profile/writable.h"
#include "resource/kinds.h"

#include <stdlib.h>
#include <string.h>

static const struct place nowhere = {.file = ""};

/* --- capturing each resource ----------------------------------------------------------
 */

static void exclude_all(struct capture *c, struct diagnostics *reasons)
{
	for (size_t i = 0; i < reasons->n; i++)
		diag_note(&c->excluded, nowhere, "%s", reasons->list[i].text);
}

static void capture_exclude(struct capture *c, const struct resource *r)
{
	bool same = strcmp(r->kind->name, r->name) == 0;

	diag_note(&c->excluded, nowhere, "%s%s%s: %s", r->kind->name, same ? "" : " ",
	          same ? "" : r->name,
	          r->run.change.message ? r->run.change.message
	                                : "was not found on this node");
}

static struct node *section_of(struct node *tree, const struct kind *kind)
{
	struct node *section = node_get(tree, kind->section);
	bool list = kind->shape == SECTION_NAMES || kind->shape == SECTION_ITEMS;

	if (!section) {
		section = node_new(list ? NODE_LIST : NODE_MAP);
		node_set(tree, kind->section, section);
	}
	return section;
}

/* What could not be read has no value that could be captured. */
static bool is_unread(const struct resource *r)
{
	return r->run.change.state == STATE_FAILED &&
	       r->run.change.reason == REASON_NOT_READABLE;
}

/* `seen`: names captured before. Several storage items may select the same drive. */
static void capture_one(struct capture *c, const struct resource *r, struct node *seen,
                        const struct host *h)
{
	_free_ char *name = mem_format("%s %s", r->kind->name, r->name);
	_diagnostics_ struct diagnostics diag = {0};

	if (r->spec.excluded || (r->kind->flags & KIND_READ_ONLY) ||
	    r->kind->shape == SECTION_TREE ||
	    (r->kind->shape != SECTION_ITEMS && node_get(seen, name)))
		return;
	node_set(seen, name, node_new_null());
	if (!r->kind->capture)
		diag_note(&diag, nowhere, "%s: capture does not support this kind", name);
	else if (is_unread(r) ||
	         !r->kind->capture(r, h, section_of(c->tree, r->kind), &diag))
		capture_exclude(c, r);
	exclude_all(c, &diag);
}

/* Use the configured settings until compare_stored() has read the stored ones. */
static void take_settings(struct capture *c, const struct profile *p)
{
	const struct node *settings =
		node_get(p->tree, kinds_shaped(SECTION_TREE)->section);
	struct node *over = node_new(NODE_MAP);

	if (settings)
		node_set(over, kinds_shaped(SECTION_TREE)->section, node_copy(settings));
	merge_profile(c->tree, over);
}

static bool is_matched(const struct plan *p)
{
	return p->counts[STATE_OK] + p->counts[STATE_SKIPPED] == p->n;
}

static void capture_all(struct capture *c, const struct profile *list, size_t n,
                        const struct host *h)
{
	_free_ struct plan *plans = mem_new(n, sizeof(*plans));
	_node_ struct node *seen = node_new(NODE_MAP);

	for (size_t i = 0; i < n; i++) {
		plan_init(&plans[i], &list[i]);
		plan_observe(&plans[i], h);
	}
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < plans[i].n; j++)
				if (is_matched(&plans[i]) == (pass == 0))
					capture_one(c, plans[i].resources[j], seen, h);
	for (size_t i = 0; i < n; i++)
		take_settings(c, &list[i]);
}

/* Capture what no profile names, but kinds can list. */
static void capture_surveyed(struct capture *c, const struct host *h)
{
	_diagnostics_ struct diagnostics diag = {0};
	_node_ struct node *seen = node_new(NODE_MAP);
	struct node *tree = node_new(NODE_MAP);
	struct profile p;
	struct plan plan;

	node_set(tree, "version", node_new_uint(1));
	for (size_t i = 0; kinds[i]; i++)
		if (kinds[i]->survey)
			kinds[i]->survey(section_of(tree, kinds[i]), h, &diag);
	(void)profile_take(&p, tree, h, &diag);
	exclude_all(c, &diag);
	plan_init(&plan, &p);
	plan_observe(&plan, h);
	for (size_t i = 0; i < plan.n; i++)
		capture_one(c, plan.resources[i], seen, h);
	profile_done(&p);
}

/* --- checking the captured profile ----------------------------------------------------
 */

#define LINES_OF "this node"

/* Report a problem without the place of another value: places here are not real lines. */
static void exclude_wrong(struct capture *c, const char *text)
{
	const char *place = strstr(text, " at " LINES_OF ":");
	const char *rest = place ? place + strlen(" at " LINES_OF ":") : "";

	rest += strspn(rest, "0123456789");
	diag_note(&c->excluded, nowhere, "%.*s%s",
	          place ? (int)(place - text) : (int)strlen(text), text, rest);
}

static void set_line(struct node *n, unsigned line)
{
	n->at = n->key_at = (struct place){LINES_OF, line, 1};
	node_for_each (item, n)
		set_line(item, line);
}

/* Give each section and each entry its own line, so a problem's place identifies it. */
static void set_lines(struct node *tree)
{
	unsigned line = 0;

	node_for_each (section, tree) {
		set_line(section, ++line);
		node_for_each (thing, section)
			set_line(thing, ++line);
	}
}

static bool has_line(struct node *n, void *line)
{
	return n->at.line == *(const unsigned *)line;
}

static bool is_empty(struct node *section, void *arg)
{
	(void)arg;
	return section->type != NODE_SCALAR && section->n == 0;
}

static size_t capture_count(const struct node *tree)
{
	size_t n = tree->n;

	node_for_each (section, tree)
		n += section->n;
	return n;
}

static void drop_line(struct node *tree, unsigned line)
{
	node_filter(tree, has_line, &line);
	node_for_each (section, tree)
		if (section->type != NODE_SCALAR)
			node_filter(section, has_line, &line);
}

struct writing {
	struct capture *c;
	unsigned depth;
};

/* In a tree of settings each value for itself; else all of a thing. */
static bool drop_unwritable(struct node *n, void *arg)
{
	const struct writing *w = arg;
	const char *fault;

	if (w->depth > 0 && n->type == NODE_MAP && n->n > 0) {
		struct writing inner = {w->c, w->depth + 1};

		node_filter(n, drop_unwritable, &inner);
		return n->n == 0;
	}
	fault = profile_unwritable(n, w->depth > 0 ? w->depth : 2);
	if (fault)
		diag_note(&w->c->excluded, nowhere, "%s: %s", n->key ? n->key : n->text,
		          fault);
	return fault;
}

static void drop_all_unwritable(struct capture *c)
{
	node_for_each (section, c->tree) {
		const struct kind *kind = kinds_find(section->key);
		struct writing w = {c, kind && kind->shape == SECTION_TREE ? 2 : 0};

		if (kind)
			node_filter(section, drop_unwritable, &w);
	}
}

/* Load and observe the profile; drop what is invalid or not in sync. Return: if any. */
static bool drop_wrong(struct capture *c, const struct host *h)
{
	_diagnostics_ struct diagnostics diag = {0};
	struct profile p;
	struct plan plan;
	size_t before;

	node_filter(c->tree, is_empty, NULL);
	before = capture_count(c->tree);
	set_lines(c->tree);
	(void)profile_take(&p, node_copy(c->tree), h, &diag);
	for (size_t i = 0; i < diag.n; i++) {
		if (diag.list[i].severity != SEVERITY_ERROR)
			continue;
		exclude_wrong(c, diag.list[i].text);
		drop_line(c->tree, diag.list[i].line);
	}
	plan_init(&plan, &p);
	if (capture_count(c->tree) == before)
		plan_observe(&plan, h);
	for (size_t i = 0; i < plan.n; i++) {
		const struct resource *r = plan.resources[i];

		if (r->run.change.state == STATE_OK ||
		    r->run.change.state == STATE_SKIPPED)
			continue;
		capture_exclude(c, r);
		drop_line(c->tree, r->spec.at.line);
	}
	profile_done(&p);
	return capture_count(c->tree) < before;
}

/* --- the whole capture ----------------------------------------------------------------
 */

static void compare_persisted(struct capture *c, const struct host *h)
{
	_diagnostics_ struct diagnostics diag = {0};
	struct persist s = {0};
	struct profile p;
	struct plan plan;

	(void)profile_take(&p, node_copy(c->tree), h, &diag);
	plan_init(&plan, &p);
	plan_observe(&plan, h);
	persist_observe(&s, &plan, &p, h);
	capture_persisted(c->tree, &plan, &s, &c->excluded);
	c->api = s.state;
	mem_set(&c->api_message, mem_dup(s.message));
	persist_done(&s);
	profile_done(&p);
}

static struct node *new_profile(const struct host *h)
{
	struct node *tree = node_new(NODE_MAP);
	_free_ char *text = mem_format("Captured from a node with Linux %s", h->release);

	node_set(tree, "version", node_new_uint(1));
	node_set(tree, "name", node_new_word("captured"));
	node_set(tree, "description",
	         node_new_word(*h->release ? text : "Captured from a node"));
	/* placed before the sections; removed later if everything is persisted */
	node_set(tree, "persist", node_new_bool(true));
	return tree;
}

void capture_read(struct capture *c, const struct profile *list, size_t n, bool survey,
                  const struct host *h)
{
	*c = (struct capture){.tree = new_profile(h)};
	capture_all(c, list, n, h);
	if (survey)
		capture_surveyed(c, h);
	/* before and after the stored settings are read */
	drop_all_unwritable(c);
	/* repeat: other entries may have been checked against a dropped one */
	while (drop_wrong(c, h))
		;
	compare_persisted(c, h);
	drop_all_unwritable(c);
	while (drop_wrong(c, h))
		;
	diag_sort(&c->excluded);
}

void capture_done(struct capture *c)
{
	node_free(c->tree);
	diag_done(&c->excluded);
	free(c->api_message);
	*c = (struct capture){0};
}
