/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/waive.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/suggest.h"
#include "doc/node.h"
#include "profile/profile.h"
#include "resource/kinds.h"
#include "resource/shape.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define EXAMPLE "{resource: sysctl vm.swappiness, reason: ..., until: 2027-03-31}"

/* --- one file --------------------------------------------------------------------------
 */

/* Split "KIND NAME". Return: the name, borrowed; NULL: there is none. */
static const char *name_in(const char *resource, char **ret_kind)
{
	size_t len = strcspn(resource, " ");
	const char *name = resource + len + strspn(resource + len, " ");

	*ret_kind = mem_dup_n(resource, len);
	return *name ? name : NULL;
}

static void report_kind(const struct node *n, const char *kind, struct diagnostics *diag)
{
	struct suggest near = {.typed = kind};
	_buf_ struct buf all = {0};

	for (const struct kind *const *k = kinds; *k; k++) {
		suggest_offer(&near, (*k)->name);
		buf_join(&all, ", ", (*k)->name);
	}
	if (near.best)
		diag_error(diag, n->at,
		           "resource \"%s\": no such kind (did you mean \"%s\"?)",
		           n->text, near.best);
	else
		diag_error(diag, n->at, "resource \"%s\": no such kind (one of: %s)",
		           n->text, all.text);
}

static void check_resource(const struct node *n, struct diagnostics *diag)
{
	_free_ char *kind = NULL;
	const char *name = name_in(n->text, &kind);

	if (!name)
		diag_error(diag, n->at,
		           "resource \"%s\": should be a kind and a name, such as "
		           "\"sysctl vm.swappiness\"",
		           n->text);
	else if (!kinds_named(kind))
		report_kind(n, kind, diag);
}

/* It is printed on the line of its resource. */
static void check_reason(const struct node *n, struct diagnostics *diag)
{
	for (const char *p = n->text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f) {
			diag_error(diag, n->at, "reason: should be one line of text");
			return;
		}
}

const struct field waive_keys[] = {
	{.name = "resource",
         .type = FIELD_TEXT,
         .offset = offsetof(struct waiver, resource),
         .required = true,
         .check = check_resource,
         .doc = "kind and name as reports print them; * and ? in the name stand for any "
                "text"},
	{.name = "reason",
         .type = FIELD_TEXT,
         .offset = offsetof(struct waiver, reason),
         .required = true,
         .check = check_reason,
         .doc = "why the difference is agreed; reports print it"},
	{.name = "until",
         .type = FIELD_DATE,
         .offset = offsetof(struct waiver, until),
         .required = true,
         .doc = "the last day of the waiver, in UTC, such as 2027-03-31"},
	{0},
};

struct list_check {
	struct node *seen; /* the resources of the items before, as keys */
	struct diagnostics *diag;
};

/* Spell the name as its kind does. */
static void normalise(struct node *resource)
{
	_free_ char *kind = NULL, *canonical = NULL;
	const char *name = name_in(resource->text, &kind);
	const struct kind *k = kinds_named(kind);

	canonical = k->canonical ? k->canonical(name) : mem_dup(name);
	mem_set(&resource->text, mem_format("%s %s", kind, canonical));
}

static bool item_fault(struct node *item, void *arg)
{
	const struct field *keys = waive_keys;
	struct list_check *c = arg;
	size_t before = c->diag->n;
	struct waiver w = {0};
	struct node *resource;

	if (item->type != NODE_MAP) {
		diag_error(c->diag, item->at,
		           "waive: an item is %s, should be a mapping (write "
		           "\"- " EXAMPLE "\")",
		           node_type_name(item));
		return true;
	}
	fields_check_known(&keys, 1, item, "waive", c->diag);
	fields_parse(keys, item, &w, c->diag);
	fields_done(keys, &w);
	if (c->diag->n > before)
		return true;
	resource = node_get(item, "resource");
	normalise(resource);
	if (node_get(c->seen, resource->text)) {
		diag_error(c->diag, resource->at, "waive \"%s\": duplicate resource",
		           resource->text);
		return true;
	}
	node_set(c->seen, resource->text, node_new_null());
	return false;
}

bool waive_fault(struct node *n, struct diagnostics *diag)
{
	_node_ struct node *seen = node_new(NODE_MAP);
	struct list_check c = {seen, diag};

	if (n->type != NODE_LIST) {
		diag_error(diag, n->at,
		           "waive: is %s, should be a list (write \"waive: [" EXAMPLE
		           "]\")",
		           node_type_name(n));
		return true;
	}
	node_filter(n, item_fault, &c);
	return false;
}

/* --- the kind --------------------------------------------------------------------------
 */

const struct waiver *waive_of(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct waiver, r);
}

bool waive_in_force(const struct waiver *w, int64_t now_s)
{
	return now_s < w->over_s;
}

static int waiver_observe(struct resource *r, const struct host *h, struct err *e)
{
	(void)r;
	(void)h;
	(void)e;
	return 0;
}

/* A plan has only the expired ones. */
static void waiver_diff(const struct resource *r, struct change *ret)
{
	const struct waiver *w = waive_of(r);

	change_set(ret, STATE_PENDING, REASON_WAIVER_EXPIRED,
	           "expired on %s, and waives nothing since then: %s", w->until,
	           w->reason);
	change_remedy(ret, "remove it from the profile, or agree on another day");
}

const struct kind kind_waiver = {
	.name = "waiver",
	.section = "waive",
	.shape = SECTION_ITEMS,
	.fields = waive_keys,
	.size = sizeof(struct waiver),
	.flags = KIND_READ_ONLY,
	.observe = waiver_observe,
	.diff = waiver_diff,
};

/* --- the profile -----------------------------------------------------------------------
 */

static struct waiver *new_waiver(const struct node *item, size_t number)
{
	_diagnostics_ struct diagnostics none = {0}; /* it is checked */
	struct waiver *w = mem_new(1, sizeof(*w));
	int64_t day = 0;

	fields_parse(waive_keys, item, w, &none);
	w->number = number;
	w->r.kind = &kind_waiver;
	w->r.name = mem_dup(w->resource);
	w->r.spec.at = node_get(item, "resource")->at;
	(void)date_parse(w->until, &day);
	w->over_s = day + DATE_SECONDS;
	return w;
}

static int compare_ends(const void *a, const void *b)
{
	const struct waiver *x = waive_of(*(struct resource *const *)a),
			    *y = waive_of(*(struct resource *const *)b);

	if (x->over_s != y->over_s)
		return x->over_s < y->over_s ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Warn that it covers nothing. Without a node, items may have other names than on it. */
static void report_idle(const struct profile *p, const struct waiver *w,
                        const struct kind *kind, bool offline, struct diagnostics *diag)
{
	struct suggest near = {.typed = w->resource + strlen(kind->name) + 1};

	if (offline && kinds_find(kind->section)->expand)
		return;
	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind == kind)
			suggest_offer(&near, p->resources[i]->name);
	if (near.best)
		diag_warn(diag, w->r.spec.at,
		          "waive \"%s\": the profile has no such resource (did you mean "
		          "\"%s\"?)",
		          w->resource, near.best);
	else
		diag_warn(diag, w->r.spec.at,
		          "waive \"%s\": the profile has no such resource", w->resource);
}

/* Set it in what it covers. It is the last to expire of those before it. */
static void cover(const struct profile *p, const struct waiver *w, bool offline,
                  struct diagnostics *diag)
{
	_free_ char *kind_name = NULL;
	const char *name = name_in(w->resource, &kind_name);
	const struct kind *kind = kinds_named(kind_name);
	bool any = false;

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];

		if (r->kind != kind || fnmatch(name, r->name, 0) != 0)
			continue;
		r->spec.waiver = w;
		any = true;
	}
	if (!any)
		report_idle(p, w, kind, offline, diag);
	if (offline && !waive_in_force(w, clock_unix_s()))
		diag_warn(diag, w->r.spec.at, "waive \"%s\": expired on %s", w->resource,
		          w->until);
}

void waive_instantiate(struct profile *p, bool offline, struct diagnostics *diag)
{
	const struct node *list = node_get(p->tree, "waive");
	struct resource **waivers;

	if (!list || list->n == 0)
		return;
	node_for_each (item, list) {
		p->resources = mem_grow(p->resources, &p->cap, p->n + p->n_waivers,
		                        sizeof(struct resource *));
		p->resources[p->n + p->n_waivers] = &new_waiver(item, p->n_waivers)->r;
		p->n_waivers++;
	}
	waivers = p->resources + p->n;
	qsort(waivers, p->n_waivers, sizeof(struct resource *), compare_ends);
	for (size_t i = 0; i < p->n_waivers; i++)
		cover(p, waive_of(waivers[i]), offline, diag);
}
