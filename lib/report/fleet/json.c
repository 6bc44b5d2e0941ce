/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/node.h"
#include "fleet/fleet.h"
#include "report/fleet/fleet.h"
#include "report/tree.h"

static void set_count(struct node *map, const char *key, size_t n)
{
	node_set(map, key, node_new_uint(n));
}

static struct node *nodes_node(const struct fleet *f)
{
	struct node *n = node_new(NODE_MAP);

	set_count(n, "total", f->n);
	set_count(n, "in_sync", f->by_verdict[FLEET_IN_SYNC]);
	set_count(n, "differ", f->by_verdict[FLEET_DIFFERS]);
	set_count(n, "failed", f->by_verdict[FLEET_FAILED]);
	set_count(n, "refused", f->by_verdict[FLEET_REFUSED]);
	return n;
}

static struct node *profiles_node(const struct fleet *f)
{
	struct node *all = node_new(NODE_LIST);

	for (size_t i = 0; i < f->n_profiles; i++) {
		struct node *n = node_new(NODE_MAP);

		node_set_text_or_null(n, "name", f->profiles[i].name);
		set_count(n, "nodes", f->profiles[i].n);
		node_append(all, n);
	}
	return all;
}

static struct node *variant_node(const struct fleet *f, const struct fleet_variant *v)
{
	struct node *n = node_new(NODE_MAP), *names = node_new(NODE_LIST);

	for (size_t i = 0; i < v->nodes.n && i < FLEET_NAMES_MAX; i++)
		node_append(names, node_new_text(f->names[v->nodes.first[i]]));
	node_set_text(n, "state", state_word(v->state));
	if (v->waived)
		node_set(n, "waived", node_new_bool(true));
	node_set_text_or_null(n, "reason", v->reason);
	node_set_text_or_null(n, "wanted", v->wanted);
	node_set_text_or_null(n, "live", v->live);
	set_count(n, "nodes", v->nodes.n);
	node_set(n, "first_nodes", names);
	return n;
}

static struct node *fleet_resource_node(const struct fleet *f,
                                        const struct fleet_resource *r)
{
	struct node *n = node_new(NODE_MAP), *states = node_new(NODE_MAP);
	struct node *variants = node_new(NODE_LIST);

	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++)
		set_count(states, state_word(s), r->by_state[s]);
	for (size_t i = 0; i < r->n_variants; i++)
		node_append(variants, variant_node(f, &r->variants[i]));
	node_set_text(n, "kind", r->kind);
	node_set_text(n, "name", r->name);
	set_count(n, "nodes", r->n);
	node_set(n, "states", states);
	node_set(n, "variants", variants);
	set_count(n, "nodes_of_other_variants", r->n_other);
	return n;
}

void report_fleet_json(const struct fleet *f, FILE *out)
{
	_node_ struct node *n = node_new(NODE_MAP);
	struct node *resources = node_new(NODE_LIST);

	for (size_t i = 0; i < f->n_resources; i++)
		node_append(resources, fleet_resource_node(f, f->resources[i]));
	set_count(n, "version", 1);
	node_set(n, "nodes", nodes_node(f));
	set_count(n, "skipped_reports", f->n_skipped);
	node_set(n, "profiles", profiles_node(f));
	set_count(n, "nodes_of_other_profiles", f->n_other_profiles);
	node_set(n, "resources", resources);
	set_count(n, "records_of_other_resources", f->n_beyond);
	report_tree_json(n, out);
}
