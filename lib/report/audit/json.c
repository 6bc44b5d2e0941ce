/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/aside.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "host/facts.h"
#include "host/host.h"
#include "profile/profile.h"
#include "profile/source.h"
#include "profile/waive.h"
#include "report/audit/audit.h"
#include "report/origin.h"
#include "report/tree.h"

/* "mount data" */
static struct node *required_by_node(const struct resource *r)
{
	_free_ char *text = mem_format("%s %s", r->kind->name, r->name);

	return node_new_text(text);
}

static struct node *waiver_node(const struct waiver *w)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "reason", w->reason);
	node_set_text(n, "until", w->until);
	node_set(n, "origin", report_place(w->r.spec.at));
	return n;
}

static struct node *resource_node(const struct resource *r)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "kind", r->kind->name);
	node_set_text(n, "name", r->name);
	node_set_text_or_null(n, "wanted", r->spec.want);
	node_set_text_or_null(n, "live", r->seen.now);
	node_set_text_or_null(n, "persisted", r->seen.persisted);
	node_set_text(n, "state", state_word(r->run.change.state));
	node_set_text_or_null(n, "reason",
	                      r->run.change.reason ? reason_word(r->run.change.reason)
	                                           : NULL);
	node_set_text_or_null(n, "message", r->run.change.message);
	node_set_text_or_null(n, "remedy", r->run.change.remedy);
	if (r->seen.disks && r->seen.disks->n > 0)
		node_set(n, "disks", node_copy(r->seen.disks));
	node_set(n, "origin", report_place(r->spec.at));
	if (r->run.required_by)
		node_set(n, "required_by", required_by_node(r->run.required_by));
	if (aside_is_waived(r))
		node_set(n, "waived", waiver_node(r->run.waived));
	if (r->seen.details)
		node_set(n, "evidence", node_copy(r->seen.details));
	return n;
}

/* An empty text says that there is none: not on EC2, say. */
static void set_fact(struct node *map, const char *key, const char *text)
{
	node_set_text_or_null(map, key, text && *text ? text : NULL);
}

static struct node *host_node(const struct report *r)
{
	struct node *n = node_new(NODE_MAP);

	set_fact(n, "name", r->facts->hostname);
	set_fact(n, "instance_type", r->facts->instance_type);
	node_set_text(n, "root", *r->host->root ? r->host->root : "/");
	node_set_text(n, "kernel", r->host->release);
	return n;
}

static struct node *api_node(const struct persist *s)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "state", persist_state_word(s->state));
	node_set(n, "needed", node_new_bool(s->needed));
	node_set_text_or_null(n, "message", s->message);
	if (s->services)
		node_set(n, "affected_services", node_copy(s->services));
	return n;
}

static struct node *summary_node(const struct plan *p)
{
	struct node *n = node_new(NODE_MAP);

	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++)
		node_set(n, state_word(s), node_new_uint(p->counts[s]));
	node_set(n, "waived", node_new_uint(p->n_waived));
	return n;
}

void report_json(const struct report *r, FILE *out)
{
	_node_ struct node *n = node_new(NODE_MAP);
	const struct node *name = node_get(r->profile->tree, "name");
	struct node *resources = node_new(NODE_LIST);

	for (size_t i = 0; i < r->plan->n; i++)
		node_append(resources, resource_node(r->plan->resources[i]));
	node_set(n, "version", node_new_uint(1));
	node_set(n, "host", host_node(r));
	node_set_text_or_null(n, "profile", name ? name->text : NULL);
	node_set(n, "profiles", report_sources(r->profile));
	node_set(n, "api", api_node(r->persist));
	node_set(n, "resources", resources);
	node_set(n, "summary", summary_node(r->plan));
	report_tree_json(n, out);
}
