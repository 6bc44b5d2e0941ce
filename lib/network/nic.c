/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/nic.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "network/text.h"

#include <errno.h>
#include <string.h>

const char *const nic_top[] = {"max", NULL};

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
	/* the first kind's table has the keys of the item, too: the last to read them
	 * wins */
	fields_parse(r->kind->fields, item, n, diag);
	net_item_parse(&n->item, item, g->name, g->interrupts, diag);
	for (size_t i = 0; i < g->n; i++) {
		const struct node *flag =
			g->attrs[i].flag ? node_get(map, g->attrs[i].name) : NULL;

		if (flag && !flag->unknown)
			n->bounds[i] = (struct bound){
				.set = true, .min = n->flags[i], .max = n->flags[i]};
	}
	nic_want_text(n, &want);
	r->spec.want = buf_take(&want);
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

static uint64_t nic_resolve(const struct nic *n, size_t i)
{
	return bound_resolve(&n->bounds[i], n->seen.now[i], n->seen.max[i]);
}

bool nic_lacks(const struct nic *n, size_t i)
{
	uint64_t want = nic_resolve(n, i);

	return n->seen.max[i] == 0 ? n->bounds[i].top || want > 0
	                           : n->seen.fixed[i] && want != n->seen.now[i];
}

void nic_want(const struct nic *n, uint64_t *ret)
{
	for (size_t i = 0; i < NET_ATTRS_MAX; i++) {
		bool may_lack = n->lenient[i] || n->item.optional;

		ret[i] = n->bounds[i].set && !(may_lack && nic_lacks(n, i))
		                 ? nic_resolve(n, i)
		                 : NET_KEEP;
	}
}

static bool nic_any(const uint64_t *want)
{
	for (size_t i = 0; i < NET_ATTRS_MAX; i++)
		if (want[i] != NET_KEEP)
			return true;
	return false;
}

char *nic_files(const struct resource *r, const struct host *h)
{
	const struct nic *n = nic_of_const(r);
	_free_ char *dir = net_item_dir(&n->item, h);
	_buf_ struct buf b = {0};

	for (size_t i = 0; dir && i < n->group->n; i++) {
		const char *file = n->group->attrs[i].file;
		_free_ char *path = mem_format("%s/%s", dir, file ? file : "");

		if (file && n->bounds[i].set)
			buf_join(&b, "\n", path);
	}
	return b.len ? buf_take(&b) : NULL;
}

int nic_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct nic *n = nic_of(r);
	uint64_t want[NET_ATTRS_MAX];
	int code = net_item_look(&n->item, h, e);

	if (code <= 0)
		return code;
	code = net_group_read(h, n->group, n->item.interface, &n->seen, e);
	nic_want(n, want);
	if (code == 0 && nic_any(want))
		r->seen.now = net_values_text(n->group, n->seen.now, want);
	return net_item_seen(&n->item, code);
}

/* --- writing -------------------------------------------------------------------------
 */

int nic_apply(struct resource *r, struct host *h, enum reason *ret_reason, struct err *e)
{
	struct nic *n = nic_of(r);
	uint64_t want[NET_ATTRS_MAX];
	int code = net_item_check(&n->item, h, e);

	nic_want(n, want);
	for (size_t i = 0; i < NET_ATTRS_MAX; i++)
		n->had[i] = want[i] == NET_KEEP ? NET_KEEP : n->seen.now[i];
	if (code == 0)
		code = net_group_write(h, n->group, n->item.interface, want, e);
	*ret_reason = net_item_reason(code, *ret_reason);
	return code;
}

/* An interface that is gone has nothing to restore. */
int nic_revert(struct resource *r, struct host *h, struct err *e)
{
	struct nic *n = nic_of(r);
	int code = net_item_check(&n->item, h, e);

	if (code == 0)
		code = net_group_write(h, n->group, n->item.interface, n->had, e);
	return code == -ENODEV ? 0 : code;
}

bool nic_capture(const struct resource *r, const struct host *h, struct node *section,
                 struct diagnostics *diag)
{
	const struct nic *n = nic_of_const(r);
	const struct field *key = r->kind->fields;
	struct node *map;

	(void)h;
	if (n->item.fault)
		return false;
	for (size_t i = 0; i < n->group->n; i++) {
		const struct net_attr *a = &n->group->attrs[i];

		/* of no use in a profile, unless it is asked for */
		if (!n->bounds[i].set || (n->item.optional && n->seen.fixed[i]))
			continue;
		if (n->seen.max[i] == 0) {
			diag_note(diag, r->spec.at, "%s %s: the driver has no %s",
			          r->kind->name, r->name, a->name);
			continue;
		}
		map = net_item_captured(section, &n->item);
		if (key->type == FIELD_OBJECT)
			map = node_get_map(map, n->group->name);
		node_set(map, a->name,
		         a->flag ? node_new_bool(n->seen.now[i])
		                 : node_new_uint(n->seen.now[i]));
	}
	return true;
}
