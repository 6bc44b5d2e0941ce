/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/profile.h"

#include "base/buf.h"
#include "base/mem.h"
#include "doc/node.h"
#include "doc/node_yaml.h"
#include "engine/formula.h"
#include "engine/merge.h"
#include "engine/source.h"
#include "engine/structure.h"
#include "kinds/kinds.h"
#include "kinds/setting.h"

#include <stdlib.h>
#include <string.h>

#define INCLUDE_DEPTH_MAX 8
#define SOURCES_MAX       64 /* included ones too; each may be 1 MiB */

/* --- resources ------------------------------------------------------------------------
 */

static struct resource *find_below(const struct profile *p, const struct kind *kind,
                                   const char *name)
{
	for (size_t i = p->n; i-- > 0;)
		if (strcmp(p->resources[i]->kind->section, kind->section) == 0 &&
		    strcmp(p->resources[i]->name, name) == 0)
			return p->resources[i];
	return NULL;
}

static void add(struct profile *p, const struct kind *kind, const char *name,
                const struct node *n, struct problems *ps)
{
	struct resource *r = mem_new(1, kind->size);

	r->kind = kind;
	r->name = kind->canonical ? kind->canonical(name) : mem_dup(name);
	r->at = kind->shape == SECTION_VALUES || kind->shape == SECTION_TREE ? n->key_at
	                                                                     : n->at;
	if (kind->shape == SECTION_ITEMS)
		r->on = find_below(p, kind, name);
	if (!kind->parse(r, n, ps)) {
		resource_free(r);
		return;
	}
	p->resources = mem_grow(p->resources, &p->cap, p->n, sizeof(struct resource *));
	p->resources[p->n++] = r;
}

struct path {
	const char *segments[NODE_YAML_DEPTH_MAX + 2];
	size_t n;
};

/* One resource for each leaf of a tree; a list is a leaf. */
static void add_leaves(struct profile *p, const struct kind *kind, struct path path,
                       const struct node *n, struct problems *ps)
{
	_free_ char *name = NULL;

	/* the section itself may be empty */
	if (n->type == NODE_MAP && (n->n > 0 || path.n == 1)) {
		node_for_each (member, n) {
			struct path below = path;

			below.segments[below.n++] = member->key;
			add_leaves(p, kind, below, member, ps);
		}
		return;
	}
	name = setting_path_format(path.segments, path.n);
	add(p, kind, name, n, ps);
}

static void add_section(struct profile *p, const struct kind *kind, const struct node *n,
                        struct problems *ps)
{
	switch (kind->shape) {
	case SECTION_NAMES:
		node_for_each (item, n)
			add(p, kind, item->text, item, ps);
		break;
	case SECTION_VALUES:
		node_for_each (item, n)
			add(p, kind, item->key, item, ps);
		break;
	case SECTION_ITEMS:
		node_for_each (item, n)
			add(p, kind, node_get(item, "name")->text, item, ps);
		break;
	case SECTION_OBJECT: add(p, kind, kind->section, n, ps); break;
	case SECTION_TREE:
		add_leaves(p, kind, (struct path){{"settings"}, 1}, n, ps);
		break;
	}
}

/* What two resources claim for themselves alone; a claim names its kind. */
static void check_claims(const struct profile *p, struct problems *ps)
{
	_node_ struct node *claims = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		const struct node *first = r->claim ? node_get(claims, r->claim) : NULL;

		if (first)
			problems_add(ps, r->at,
			             "%s \"%s\": %s is also asked for by \"%s\"",
			             r->kind->name, r->name, r->claim, first->text);
		else if (r->claim)
			node_set(claims, r->claim, node_new_text(r->name));
	}
}

/* What each kind has against its resources together; they stand kind by kind. */
static void check_kinds(const struct profile *p, struct problems *ps)
{
	size_t end;

	for (size_t i = 0; i < p->n; i = end) {
		const struct kind *kind = p->resources[i]->kind;

		for (end = i + 1; end < p->n && p->resources[end]->kind == kind; end++)
			;
		if (kind->check_all)
			kind->check_all(p->resources + i, end - i, ps);
	}
}

static void make_resources(struct profile *p, struct problems *ps)
{
	const struct node *persist = node_get(p->tree, "persist");

	p->persist_explicit = persist && strcmp(persist->text, "true") == 0;
	p->persist = !persist || p->persist_explicit;
	for (const struct kind *const *k = kinds; *k; k++) {
		const struct node *section = node_get(p->tree, (*k)->section);

		if (section)
			add_section(p, *k, section, ps);
	}
	check_claims(p, ps);
	check_kinds(p, ps);
}

/* --- several files ---------------------------------------------------------------------
 */

/* The files that are being read, from the one given to the one included last. */
struct chain {
	const char *dir;
	const char *files[INCLUDE_DEPTH_MAX];
	size_t n;
	struct problems *problems;
};

static void load_one(struct profile *p, struct chain *chain, const char *name,
                     const struct node *asked_by);

/* "a.yaml -> b.yaml -> a.yaml" */
static char *chain_text(const struct chain *chain, const char *last)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < chain->n; i++)
		buf_join(&b, " -> ", chain->files[i]);
	buf_join(&b, " -> ", last);
	return buf_take(&b);
}

/* Whether the file is one more than allowed, or reads itself; told at `asked_by`. */
static bool leads_back(const struct chain *chain, const char *file,
                       const struct node *asked_by)
{
	_free_ char *text = NULL;
	bool cycle = false;

	for (size_t i = 0; i < chain->n; i++)
		cycle |= strcmp(chain->files[i], file) == 0;
	if (!cycle && chain->n < INCLUDE_DEPTH_MAX)
		return false;
	text = chain_text(chain, file);
	problems_add(
		chain->problems, asked_by->at, "include \"%s\": %s: %s", asked_by->text,
		cycle ? "includes itself" : "nested too deep (8 files are the limit)",
		text);
	return true;
}

static void load_includes(struct profile *p, struct chain *chain, const struct node *root)
{
	const struct node *include = node_get(root, "include");

	if (!include)
		return;
	node_for_each (name, include)
		load_one(p, chain, name->text, name);
}

/* What the file does not want of what it includes. */
static void drop_unset(struct profile *p, struct chain *chain, struct node *root)
{
	const struct node *unset = node_get(root, "unset");

	if (!unset)
		return;
	node_for_each (name, unset)
		if (!p->tree || !merge_unset(p->tree, name->text))
			problems_add(chain->problems, name->at,
			             "unset \"%s\": nothing of that name comes before",
			             name->text);
	node_remove(root, "unset");
}

static void read_tree(struct profile *p, struct chain *chain, const struct source *s)
{
	struct node *root = node_yaml_parse(s->text, s->len, s->file, chain->problems);

	if (!root || !structure_check(root, chain->problems)) {
		node_free(root);
		return;
	}
	chain->files[chain->n++] = s->file;
	load_includes(p, chain, root);
	chain->n--;
	node_remove(root, "include");
	drop_unset(p, chain, root);
	if (chain->n > 0) {
		/* these are of the file that includes, or of none */
		node_remove(root, "name");
		node_remove(root, "description");
	}
	if (p->tree)
		merge_profile(p->tree, root);
	else
		p->tree = root;
}

/* What a file includes comes before it, so that the file itself wins. */
static void load_one(struct profile *p, struct chain *chain, const char *name,
                     const struct node *asked_by)
{
	const struct place *at = asked_by ? &asked_by->at : NULL;
	struct source s;
	bool read;

	if (p->n_sources == SOURCES_MAX) {
		problems_add(chain->problems, at ? *at : (struct place){name, 1, 1},
		             "profile \"%s\": one more than the %d that can be merged",
		             name, SOURCES_MAX);
		return;
	}
	read = source_read(&s, name, chain->dir, at, chain->problems) == 0;
	p->sources = mem_grow(p->sources, &p->cap_sources, p->n_sources, sizeof(s));
	p->sources[p->n_sources++] = s;
	if (read && !(asked_by && leads_back(chain, s.file, asked_by)))
		read_tree(p, chain, &s);
}

int profile_load(struct profile *p, const char *const *names, size_t n_names,
                 const char *dir, const struct facts *facts, struct problems *ps)
{
	struct chain chain = {.dir = dir, .problems = ps};

	*p = (struct profile){0};
	for (size_t i = 0; i < n_names; i++)
		load_one(p, &chain, names[i], NULL);
	if (p->tree) {
		formulas_compute(p->tree, facts, ps);
		make_resources(p, ps);
	}
	problems_sort(ps);
	return problems_errors(ps) == 0 ? 0 : -1;
}

void profile_done(struct profile *p)
{
	for (size_t i = 0; i < p->n; i++)
		resource_free(p->resources[i]);
	free(p->resources);
	node_free(p->tree);
	for (size_t i = 0; i < p->n_sources; i++)
		source_done(&p->sources[i]);
	free(p->sources);
	*p = (struct profile){0};
}
