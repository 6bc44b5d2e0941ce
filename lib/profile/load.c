/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/load.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/suggest.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "doc/sniff.h"
#include "doc/yaml.h"
#include "profile/facts.h"
#include "profile/formula.h"
#include "profile/instantiate.h"
#include "profile/merge.h"
#include "profile/profile.h"
#include "profile/source.h"
#include "profile/validate.h"
#include "resource/kinds.h"

#include <stdlib.h>
#include <string.h>

#define INCLUDE_DEPTH_MAX 8
#define SOURCES_MAX       64 /* with included ones; each may be 1 MiB */

/* --- loading and including files ------------------------------------------------------
 */

/* The open files, from the one on the command line to the one included last. */
struct chain {
	const struct source_from *from;
	const char *files[INCLUDE_DEPTH_MAX];
	size_t n;
	const struct facts *facts;
	struct diagnostics *diag;
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

/* Report a file that includes itself or is nested too deeply. Return: whether it is. */
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
	diag_error(chain->diag, asked_by->at, "include \"%s\": %s: %s", asked_by->text,
	           cycle ? "includes itself" : "nested too deeply (limit: 8 files)",
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

static bool profile_drop(struct profile *p, const char *name)
{
	bool found = exclusions_unset(&p->excluded, name);

	return (p->tree && merge_unset(p->tree, name)) || found;
}

static void report_unset(const struct profile *p, const struct node *name,
                         struct diagnostics *diag)
{
	struct suggest near = {.typed = name->text};

	if (p->tree)
		merge_suggest(p->tree, &near);
	if (near.best)
		diag_error(diag, name->at,
		           "unset \"%s\": not in an included or earlier file (did you "
		           "mean \"%s\"?)",
		           name->text, near.best);
	else
		diag_error(diag, name->at,
		           "unset \"%s\": not in an included or earlier file",
		           name->text);
}

/* Remove what the file unsets from the files before it. */
static void drop_unset(struct profile *p, struct chain *chain, struct node *root)
{
	const struct node *unset = node_get(root, "unset");

	if (!unset)
		return;
	node_for_each (name, unset)
		if (!profile_drop(p, name->text))
			report_unset(p, name, chain->diag);
	node_remove(root, "unset");
}

/* Report a file of --facts that is given as a profile. Return: whether it is one. */
static bool is_facts_file(const struct node *root, const char *file,
                          struct diagnostics *diag)
{
	if (node_get(root, "version") || !facts_names_all(root))
		return false;
	diag_error(diag, root->at,
	           "profile \"%s\": is a file of facts, not a profile (use --facts %s)",
	           file, file);
	return true;
}

static void read_tree(struct profile *p, struct chain *chain, const struct source *s)
{
	const char *disguise = sniff_format(s->text, s->len);
	struct node *root;

	if (disguise) {
		diag_error(chain->diag, (struct place){s->file, 1, 1},
		           "profile \"%s\": is %s", s->file, disguise);
		return;
	}
	root = s->built_in ? node_yaml_parse(s->text, s->len, s->file, chain->diag)
	                   : confined_yaml_parse(s->text, s->len, s->file, s->until,
	                                         chain->diag);
	if (root)
		formulas_rejoin(root, chain->diag);
	if (!root || is_facts_file(root, s->file, chain->diag) ||
	    !validate_tree(root, chain->diag)) {
		node_free(root);
		return;
	}
	chain->files[chain->n++] = s->file;
	load_includes(p, chain, root);
	chain->n--;
	node_remove(root, "include");
	drop_unset(p, chain, root);
	formulas_compute_selectors(root, chain->facts, chain->diag);
	conditions_apply(root, chain->facts, &p->excluded, chain->diag);
	if (chain->n > 0) {
		/* only the including file may set these */
		node_remove(root, "name");
		node_remove(root, "description");
	}
	if (p->tree)
		merge_profile(p->tree, root);
	else
		p->tree = root;
}

/* Load what a file includes before the file, so that the file wins. */
static void load_one(struct profile *p, struct chain *chain, const char *name,
                     const struct node *asked_by)
{
	const struct place *at = asked_by ? &asked_by->at : NULL;
	struct source s;
	bool read;

	if (p->n_sources == SOURCES_MAX) {
		diag_error(chain->diag, at ? *at : (struct place){name, 1, 1},
		           "profile \"%s\": too many profiles to merge (limit: %d)", name,
		           SOURCES_MAX);
		return;
	}
	read = source_read(&s, name, chain->from, at, chain->diag) == 0;
	/* where it is only checked, it may be in the checkout of a developer */
	if (s.fault && chain->facts->h)
		diag_warn(chain->diag, (struct place){s.file, 1, 1}, "profile \"%s\": %s",
		          s.file, s.fault);
	p->sources = mem_grow(p->sources, &p->cap_sources, p->n_sources, sizeof(s));
	p->sources[p->n_sources++] = s;
	if (read && !(asked_by && leads_back(chain, s.file, asked_by)))
		read_tree(p, chain, &s);
}

int profile_load(struct profile *p, const char *const *names, size_t n_names,
                 const struct source_from *from, const struct facts *facts,
                 struct diagnostics *diag)
{
	struct chain chain = {.from = from, .facts = facts, .diag = diag};

	*p = (struct profile){.names = mem_new(n_names + 1, sizeof(char *))};
	for (size_t i = 0; i < n_names; i++) {
		p->names[i] = mem_dup(names[i]);
		load_one(p, &chain, names[i], NULL);
	}
	if (p->tree) {
		if (sections_any_expand(p->tree) || formulas_any(p->tree))
			p->merged = node_copy(p->tree);
		sections_expand(p->tree, facts, diag);
		formulas_compute(p->tree, facts, diag);
		instantiate(p, facts, diag);
	}
	diag_sort(diag);
	return diag_count_errors(diag) == 0 ? 0 : -1;
}

int profile_take(struct profile *p, struct node *tree, const struct host *h,
                 struct diagnostics *diag)
{
	struct facts facts = {.unknown = !h};

	*p = (struct profile){.tree = tree};
	if (h)
		facts_read(&facts, h);
	if (validate_tree(tree, diag))
		instantiate(p, &facts, diag);
	facts_done(&facts);
	return diag_count_errors(diag) == 0 ? 0 : -1;
}
