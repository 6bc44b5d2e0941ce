/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/nic.h"

#include "base/buf.h"
#include "base/mem.h"
#include "doc/node.h"
#include "network/text.h"

#include <errno.h>
#include <string.h>

static struct nic *nic_of(struct resource *r)
{
	return CONTAINER_OF(r, struct nic, r);
}

static const struct nic *nic_of_const(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct nic, r);
}

/* --- the profile ---------------------------------------------------------------------
 */

static void nic_want_text(const struct nic *n, struct buf *b)
{
	for (size_t i = 0; i < n->group->n; i++) {
		const struct net_attr *a = &n->group->attrs[i];
		_free_ char *bound = NULL;

		if (!n->bounds[i].set)
			continue;
		bound = a->flag ? mem_format("=%s", n->flags[i] ? "true" : "false")
		                : bound_text(&n->bounds[i]);
		buf_addf(b, "%s%s%s", b->len ? " " : "", a->name, bound);
	}
}

bool nic_parse(struct resource *r, const struct net_group *g, const struct node *item,
               const struct node *map, struct diagnostics *diag)
{
	struct nic *n = nic_of(r);
	_buf_ struct buf want = {0};

	n->group = g;
	if (!map)
		return false;
	fields_parse(nic_item_fields, item, n, diag);
	fields_parse(r->kind->fields, item, n, diag);
	for (size_t i = 0; i < g->n; i++) {
		const struct node *flag =
			g->attrs[i].flag ? node_get(map, g->attrs[i].name) : NULL;

		if (flag && !flag->unknown)
			n->bounds[i] = (struct bound){
				.set = true, .min = n->flags[i], .max = n->flags[i]};
	}
	nic_want_text(n, &want);
	n->interface = net_select_single(&n->select);
	r->spec.want = buf_take(&want);
	r->spec.optional = n->optional;
	r->spec.interrupts = g->interrupts && !n->disruptive;
	if (n->interface)
		r->spec.unique = mem_format("interface %s (%s)", n->interface, g->name);
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

void nic_want(const struct nic *n, uint64_t *ret)
{
	for (size_t i = 0; i < NET_ATTRS_MAX; i++)
		ret[i] = n->bounds[i].set ? bound_resolve(&n->bounds[i], n->seen.now[i],
		                                          n->seen.max[i])
		                          : NET_KEEP;
}

int nic_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct nic *n = nic_of(r);
	uint64_t want[NET_ATTRS_MAX];
	int code;

	n->fault = -ENODEV;
	if (!n->interface)
		return 0;
	code = net_group_read(h, n->group, n->interface, &n->seen, e);
	n->fault = code == -ENODEV || code == -EOPNOTSUPP ? code : 0;
	nic_want(n, want);
	if (code == 0)
		r->seen.now = net_values_text(n->group, n->seen.now, want);
	return n->fault ? 0 : code;
}

/* --- writing -------------------------------------------------------------------------
 */

static enum reason reason_of(int code, enum reason other)
{
	switch (code) {
	case -ENODEV: return REASON_INTERFACE_GONE;
	case -EOPNOTSUPP: return REASON_INTERFACE_UNSUPPORTED;
	case -EINVAL:
	case -ERANGE: return REASON_REFUSED_BY_KERNEL;
	default: return other;
	}
}

int nic_apply(struct resource *r, struct host *h, enum reason *ret_reason, struct err *e)
{
	struct nic *n = nic_of(r);
	uint64_t want[NET_ATTRS_MAX];
	int code;

	nic_want(n, want);
	for (size_t i = 0; i < NET_ATTRS_MAX; i++)
		n->had[i] = want[i] == NET_KEEP ? NET_KEEP : n->seen.now[i];
	code = net_group_write(h, n->group, n->interface, want, e);
	*ret_reason = reason_of(code, *ret_reason);
	return code;
}

/* An interface that is gone has nothing to restore. */
int nic_revert(struct resource *r, struct host *h, struct err *e)
{
	struct nic *n = nic_of(r);
	int code = net_group_write(h, n->group, n->interface, n->had, e);

	return code == -ENODEV ? 0 : code;
}

/* Find the item of this resource, made by another kind, or make it. */
static struct node *captured_item(struct node *section, const struct nic *n)
{
	struct node *item = NULL, *names;

	node_for_each (one, section)
		if (strcmp(node_get(one, "name")->text, n->r.name) == 0)
			item = one;
	if (item)
		return item;
	item = node_new(NODE_MAP);
	node_set(item, "name", node_new_word(n->r.name));
	names = node_new(NODE_LIST);
	node_append(names, node_new_word(n->interface));
	node_set(node_get_map(item, "interfaces"), "name", names);
	node_append(section, item);
	return item;
}

bool nic_capture(const struct resource *r, const struct host *h, struct node *section,
                 struct diagnostics *diag)
{
	const struct nic *n = nic_of_const(r);
	const struct field *key = r->kind->fields;
	struct node *map;

	(void)h;
	(void)diag;
	if (n->fault)
		return false;
	map = captured_item(section, n);
	if (key->type == FIELD_OBJECT)
		map = node_get_map(map, n->group->name);
	for (size_t i = 0; i < n->group->n; i++)
		if (n->bounds[i].set && n->group->attrs[i].flag)
			node_set(map, n->group->attrs[i].name,
			         node_new_bool(n->seen.now[i]));
		else if (n->bounds[i].set)
			node_set(map, n->group->attrs[i].name,
			         node_new_uint(n->seen.now[i]));
	return true;
}

void nic_done(struct resource *r)
{
	fields_done(nic_item_fields, nic_of(r));
}
