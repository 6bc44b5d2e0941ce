/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/conflicts.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "bottlerocket/setting.h"
#include "doc/json.h"
#include "doc/node.h"
#include "profile/profile.h"
#include "resource/kinds.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static void conflicts_report(const struct resource *r, const char *path,
                             const struct node *stores, const struct node *said,
                             struct diagnostics *diag)
{
	_free_ char *wanted = node_json_line(stores), *text = node_json_line(said);

	diag_error(diag, said->key_at,
	           "setting %s: is %s here, but %s %s at %s:%u stores %s (remove one of "
	           "them)",
	           path, text, r->kind->name, r->name, r->spec.at.file, r->spec.at.line,
	           wanted);
}

/* Compare, at `path`, what the resource would store with what the profile sets. */
static void conflicts_compare(const struct resource *r, const char *path,
                              const struct node *stores, const struct node *said,
                              struct diagnostics *diag)
{
	if (stores->type != NODE_MAP || said->type != NODE_MAP) {
		if (field_when_meet(r->spec.when, said->when) &&
		    !setting_same(stores, said))
			conflicts_report(r, path, stores, said, diag);
		return;
	}
	node_for_each (member, stores) {
		const struct node *n = node_get(said, member->key);
		_free_ char *below = n ? mem_join(path, ".", member->key) : NULL;

		if (n)
			conflicts_compare(r, below, member, n, diag);
	}
}

void conflicts_check(const struct profile *p, struct diagnostics *diag)
{
	const char *section = kinds_shaped(SECTION_TREE)->section;
	const struct node *settings = node_get(p->tree, section);
	_node_ struct node *none = node_new(NODE_MAP);

	for (size_t i = 0; settings && i < p->n; i++) {
		const struct resource *r = p->resources[i];
		_node_ struct node *stores = node_new(NODE_MAP);

		/* check_claims() has checked resources with a claim */
		if (r->kind->shape == SECTION_TREE || !r->kind->persist ||
		    r->spec.unique || r->spec.no_persist || r->spec.excluded)
			continue;
		r->kind->persist(r, none, stores);
		conflicts_compare(r, section, stores, settings, diag);
	}
}

static void claim(struct node *claims, const struct resource *r)
{
	struct node *n = node_new_text(r->name);

	n->when = mem_dup(r->spec.when);
	node_set(claims, r->spec.unique, n);
}

void conflicts_check_claims(const struct profile *p, struct diagnostics *diag)
{
	_node_ struct node *claims = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		const struct node *first =
			r->spec.unique ? node_get(claims, r->spec.unique) : NULL;

		if (first && field_when_meet(first->when, r->spec.when))
			diag_error(diag, r->spec.at,
			           "%s \"%s\": %s is already used by \"%s\"",
			           r->kind->name, r->name, r->spec.unique, first->text);
		else if (r->spec.unique && !first)
			claim(claims, r);
	}
}

/* --- files ---------------------------------------------------------------------------
 */

/* The files or patterns of one resource. */
struct conflicts_files {
	const struct resource *r;
	char *list; /* joined by "\n"; NULL: none */
};

#define MATCH_PATHS (FNM_PATHNAME | FNM_PERIOD)

/* A path of either list that both set. Two patterns are not compared. */
static char *conflicts_common(const char *a, const char *b)
{
	const char *rest = a, *word;
	size_t len;

	while ((word = words_next(&rest, '\n', &len))) {
		_free_ char *one = mem_dup_n(word, len);
		const char *others = b;

		while ((word = words_next(&others, '\n', &len))) {
			_free_ char *other = mem_dup_n(word, len);
			bool is_pattern = fnmatch(one, other, MATCH_PATHS) == 0;

			if (is_pattern || fnmatch(other, one, MATCH_PATHS) == 0)
				return is_pattern ? TAKE_PTR(other) : TAKE_PTR(one);
		}
	}
	return NULL;
}

static void conflicts_check_pair(const struct conflicts_files *a,
                                 const struct conflicts_files *b,
                                 struct diagnostics *diag)
{
	_free_ char *file = NULL, *name = NULL, *other = NULL;

	if (a->r->kind == b->r->kind ||
	    !field_when_meet(a->r->spec.when, b->r->spec.when))
		return;
	file = conflicts_common(a->list, b->list);
	if (!file)
		return;
	name = resource_words(b->r);
	other = resource_words(a->r);
	diag_error(diag, b->r->spec.at,
	           "%s: %s at %s:%u sets %s, too (remove one of them)", name, other,
	           a->r->spec.at.file, a->r->spec.at.line,
	           strcmp(file, b->r->name) == 0 ? "this file" : file);
}

void conflicts_check_files(const struct profile *p, struct diagnostics *diag)
{
	_free_ struct conflicts_files *all = mem_new(p->n + 1, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		char *list = r->kind->files && !r->spec.excluded ? r->kind->files(r, NULL)
		                                                 : NULL;

		if (!list)
			continue;
		for (size_t j = 0; j < n; j++)
			conflicts_check_pair(&all[j], &(struct conflicts_files){r, list},
			                     diag);
		all[n++] = (struct conflicts_files){r, list};
	}
	while (n > 0)
		free(all[--n].list);
}
