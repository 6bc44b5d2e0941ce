/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/capture/persisted.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "bottlerocket/secret.h"
#include "doc/node.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "profile/merge.h"
#include "resource/kinds.h"

#include <string.h>

static const char is_secret[] = "is secret: add it yourself";

static const struct place nowhere = {.file = ""};

static bool is_setting(const struct resource *r)
{
	return r->kind->shape == SECTION_TREE;
}

/* The live value is missing in the Bottlerocket settings, or differs there. */
static bool is_unpersisted(const struct resource *r)
{
	return r->run.change.reason == REASON_NOT_PERSISTED ||
	       r->run.change.reason == REASON_PERSISTED_DIFFERS;
}

/* Return whether one entry of this kind can have persist: false. */
static bool can_mark(const struct kind *kind)
{
	for (const struct field *f = kind->fields;
	     kind->shape == SECTION_VALUES && f && f->name; f++)
		if (strcmp(f->name, "persist") == 0)
			return true;
	return false;
}

/* Replace VALUE with {value: VALUE, persist: false}. */
static void mark_unpersisted(struct node *tree, const struct resource *r)
{
	struct node *section = node_get(tree, r->kind->section);
	struct node *map = node_new(NODE_MAP), *persist = node_new_bool(false);
	struct node *value = node_swap(section, r->name, map);

	persist->comment = mem_dup(r->run.change.message);
	node_set(map, r->kind->fields[0].name, value);
	node_set(map, "persist", persist);
}

/* Set persist: false for the whole profile; settings then lists what is persisted. */
static void mark_all_unpersisted(struct node *tree, const struct plan *p, const char *why)
{
	struct node *persist = node_new_bool(false);

	persist->comment = mem_dup(why);
	node_set(tree, "persist", persist);
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (r->run.change.reason == REASON_PERSISTED_DIFFERS && can_mark(r->kind))
			mem_set(&node_get(node_get(tree, r->kind->section), r->name)
			                 ->comment,
			        mem_dup(r->run.change.message));
	}
}

static void add_persisted(struct node *tree, const struct persist *s,
                          const struct resource *r, struct diagnostics *excluded)
{
	struct node *branch = persist_branch(s, r), *over;

	if (!branch) {
		diag_note(excluded, nowhere, "%s %s: %s", r->kind->name, r->name,
		          s->message               ? s->message
		          : s->state == PERSIST_OK ? "is not set"
		                                   : "the API is not used");
		return;
	}
	if (secret_any(NULL, 0, branch)) {
		diag_note(excluded, nowhere, "%s %s: %s", r->kind->name, r->name,
		          is_secret);
		node_free(branch);
		return;
	}
	over = node_new(NODE_MAP);
	node_set(over, kinds_shaped(SECTION_TREE)->section, branch);
	merge_profile(tree, over);
}

/* Return why the whole profile needs persist: false, owned; NULL: it does not. */
static char *why_none(const struct plan *p, const struct persist *s)
{
	size_t stored = 0;

	if (s->state != PERSIST_OK)
		return mem_dup(s->message ? s->message
		                          : "the Bottlerocket API is not used");
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (is_unpersisted(r) && !is_setting(r) && !can_mark(r->kind))
			return mem_format("%s %s is not in the Bottlerocket settings",
			                  r->kind->name, r->name);
		stored += r->seen.persisted && !is_unpersisted(r) && !is_setting(r);
	}
	return stored ? NULL : mem_dup("none of this is in the Bottlerocket settings");
}

void capture_persisted(struct node *tree, const struct plan *p, const struct persist *s,
                       struct diagnostics *excluded)
{
	_free_ char *none = why_none(p, s);

	if (none)
		mark_all_unpersisted(tree, p, none);
	else
		node_remove(tree, "persist");
	node_remove(tree, kinds_shaped(SECTION_TREE)->section);
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (is_setting(r) || (none && r->seen.persisted && !is_unpersisted(r)))
			add_persisted(tree, s, r, excluded);
		else if (!none && is_unpersisted(r))
			mark_unpersisted(tree, r);
	}
}
