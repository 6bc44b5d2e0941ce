/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fleet/fleet.h"

#include "base/mem.h"
#include "doc/node.h"
#include "fleet/record.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int compare_resources(const void *va, const void *vb)
{
	const struct fleet_resource *a = va, *b = vb;
	int r = strcmp(a->kind, b->kind);

	return r ? r : strcmp(a->name, b->name);
}

/* Insert `what` unless an equal object exists. Return: the one in the tree. */
static void *tree_add(void **tree, void *what, int (*compare)(const void *, const void *))
{
	void *const *slot = mem_check(tsearch(what, tree, compare));

	return *slot;
}

/* --- counting one report --------------------------------------------------------------
 */

static void count_node(struct fleet_nodes *nodes, size_t node)
{
	if (nodes->n < FLEET_NAMES_MAX)
		nodes->first[nodes->n] = (uint32_t)node;
	nodes->n++;
}

static bool is_variant(const struct fleet_variant *v, const struct fleet_record *r)
{
	return v->state == r->state && v->waived == r->waived &&
	       fleet_text_compare(v->live, r->live) == 0 &&
	       fleet_text_compare(v->wanted, r->wanted) == 0 &&
	       fleet_text_compare(v->reason, r->reason) == 0;
}

static void count_variant(struct fleet_resource *res, const struct fleet_record *r,
                          size_t node)
{
	size_t i = 0;

	while (i < res->n_variants && !is_variant(&res->variants[i], r))
		i++;
	if (i == FLEET_VARIANTS_MAX) {
		res->n_other++;
		return;
	}
	if (i == res->n_variants) {
		res->variants = mem_grow(res->variants, &res->cap_variants,
		                         res->n_variants, sizeof(*res->variants));
		res->variants[res->n_variants++] =
			(struct fleet_variant){.state = r->state,
		                               .waived = r->waived,
		                               .reason = mem_dup(r->reason),
		                               .wanted = mem_dup(r->wanted),
		                               .live = mem_dup(r->live)};
	}
	count_node(&res->variants[i].nodes, node);
}

/* Find the resource of a record, or add it. Return: NULL if there are too many. */
static struct fleet_resource *resource_of(struct fleet *f, const struct fleet_record *r)
{
	struct fleet_resource *res = NULL, key = {.kind = (char *)(uintptr_t)r->kind,
	                                          .name = (char *)(uintptr_t)r->name};
	void *const *slot = tfind(&key, &f->resource_tree, compare_resources);

	if (slot)
		return *slot;
	if (f->n_resources == FLEET_RESOURCES_MAX)
		return NULL;
	res = mem_new(1, sizeof(*res));
	res->kind = mem_dup(r->kind);
	res->name = mem_dup(r->name);
	f->resources = mem_grow(f->resources, &f->cap_resources, f->n_resources,
	                        sizeof(struct fleet_resource *));
	f->resources[f->n_resources++] = res;
	return tree_add(&f->resource_tree, res, compare_resources);
}

static void count_record(struct fleet *f, const struct fleet_record *r, size_t node)
{
	struct fleet_resource *res = resource_of(f, r);

	if (!res) {
		f->n_beyond++;
		return;
	}
	if (res->counted_in == node + 1)
		return;
	res->counted_in = node + 1;
	res->by_state[r->state]++;
	res->n++;
	count_variant(res, r, node);
}

static enum fleet_verdict verdict_of(enum state s)
{
	switch (s) {
	case STATE_OK:
	case STATE_CHANGED:
	case STATE_SKIPPED: return FLEET_IN_SYNC;
	case STATE_DRIFT:
	case STATE_PENDING: return FLEET_DIFFERS;
	case STATE_FAILED: return FLEET_FAILED;
	case STATE_REFUSED: break;
	}
	return FLEET_REFUSED;
}

/*
 * Count the records that are skipped, or those that are not. Two records have the same
 * name if their conditions exclude each other: what applies to the node counts.
 */
static enum fleet_verdict count_records(struct fleet *f, const struct node *records,
                                        bool skipped, size_t node)
{
	enum fleet_verdict worst = FLEET_IN_SYNC;

	node_for_each (item, records) {
		struct fleet_record r = fleet_record_read(item);

		if ((r.state == STATE_SKIPPED) != skipped)
			continue;
		count_record(f, &r, node);
		if (verdict_of(r.state) > worst)
			worst = verdict_of(r.state);
	}
	return worst;
}

/* What is persisted on the node is unknown, or not what the profile says. */
static enum fleet_verdict count_api(struct fleet *f, const struct node *report,
                                    size_t node)
{
	struct fleet_record r = {.kind = "api",
	                         .name = "bottlerocket",
	                         .state = STATE_FAILED,
	                         .reason = fleet_api_reason(report)};

	if (!r.reason)
		return FLEET_IN_SYNC;
	count_record(f, &r, node);
	return FLEET_FAILED;
}

static void count_profile(struct fleet *f, const char *name)
{
	size_t i = 0;

	while (i < f->n_profiles && fleet_text_compare(f->profiles[i].name, name) != 0)
		i++;
	if (i == FLEET_PROFILES_MAX) {
		f->n_other_profiles++;
		return;
	}
	if (i == f->n_profiles)
		f->profiles[f->n_profiles++].name = mem_dup(name);
	f->profiles[i].n++;
}

/* Return: the index of the new node; -1 with `e` if its report was counted already. */
static ssize_t add_node(struct fleet *f, const char *name, struct err *e)
{
	_free_ char *own = mem_dup(name);

	if (tree_add(&f->name_tree, own, compare_names) != own) {
		(void)err_set(e, -EEXIST, "node \"%s\": another report of it was read",
		              name);
		return -1;
	}
	f->names = mem_grow(f->names, &f->cap, f->n, sizeof(char *));
	f->names[f->n] = TAKE_PTR(own);
	return (ssize_t)f->n++;
}

int fleet_add(struct fleet *f, const struct node *report, const char *fallback,
              struct err *e)
{
	int r = fleet_report_check(report, e);
	const struct node *resources = node_get(report, "resources");
	const char *name = fleet_text(node_get(report, "host"), "name");
	enum fleet_verdict worst, api;
	ssize_t node;

	if (r < 0)
		return r;
	node = add_node(f, name && *name ? name : fallback, e);
	if (node < 0)
		return e->code;
	worst = count_records(f, resources, false, (size_t)node);
	(void)count_records(f, resources, true, (size_t)node);
	api = count_api(f, report, (size_t)node);
	f->by_verdict[api > worst ? api : worst]++;
	count_profile(f, fleet_text(report, "profile"));
	return 0;
}

static void resource_done(struct fleet_resource *r)
{
	for (size_t i = 0; i < r->n_variants; i++) {
		free(r->variants[i].reason);
		free(r->variants[i].wanted);
		free(r->variants[i].live);
	}
	free(r->variants);
	free(r->kind);
	free(r->name);
	free(r);
}

static void borrowed(void *ignored)
{
	(void)ignored;
}

void fleet_done(struct fleet *f)
{
	tdestroy(f->name_tree, borrowed);
	tdestroy(f->resource_tree, borrowed);
	for (size_t i = 0; i < f->n; i++)
		free(f->names[i]);
	for (size_t i = 0; i < f->n_resources; i++)
		resource_done(f->resources[i]);
	for (size_t i = 0; i < f->n_profiles; i++)
		free(f->profiles[i].name);
	free(f->names);
	free(f->resources);
	*f = (struct fleet){0};
}
