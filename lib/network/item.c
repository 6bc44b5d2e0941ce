/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/item.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/sysfs.h"
#include "network/index.h"

#include <errno.h>
#include <string.h>

/* --- the profile ---------------------------------------------------------------------
 */

const struct field net_select_fields[] = {
	{.name = "driver",
         .type = FIELD_TEXTS,
         .offset = offsetof(struct net_item, select.drivers),
         .doc = "name of its driver, as in ethtool -i; never matches an interface "
                "without a device, such as that of a pod"},
	{.name = "name",
         .type = FIELD_TEXTS,
         .offset = offsetof(struct net_item, select.names),
         .doc = "its name; * ? and [...] are patterns"},
	{.name = "default-route",
         .type = FIELD_BOOL,
         .offset = offsetof(struct net_item, select.default_route),
         .doc = "true: only interfaces that have a default route, of IPv4 or IPv6"},
	{0},
};

const char *const net_disruptive[] = {"allow", NULL};
const struct field net_item_fields[] = {NET_ITEM_FIELDS, {0}};

/* One that is computed is no formula any more. */
static bool has_formula(const struct node *n)
{
	bool any = n && n->unknown;

	for (size_t i = 0; n && i < n->n; i++)
		any |= has_formula(n->items[i]);
	return any;
}

void net_item_parse(struct net_item *i, const struct node *item, const char *what,
                    bool interrupts, struct diagnostics *diag)
{
	fields_parse(net_item_fields, item, i, diag);
	i->interface = net_select_single(&i->select);
	for (const struct field *f = i->r.kind->fields; f->name; f++)
		i->formula |= has_formula(node_get(item, f->name));
	i->r.spec.optional = i->optional;
	i->r.spec.interrupts = interrupts && !i->disruptive;
	if (i->interface)
		i->r.spec.unique = mem_format("interface %s (%s)", i->interface, what);
}

/* --- the host ------------------------------------------------------------------------
 */

/*
 * What a run first finds under the name stays the interface of that run. There may be
 * none until a module of the profile is loaded.
 */
static int look_at_index(struct net_item *i, const struct host *h, struct err *e)
{
	bool none = h->live && i->index == 0;
	bool first = !i->r.run.begun && (!i->r.run.observed || none);
	int r = first ? net_index_read(h, i->interface, &i->index, e)
	              : net_item_check(i, h, e);

	if (r == -ESTALE)
		i->replaced = mem_dup(e->text);
	if (r == -ENODEV || r == -ESTALE)
		i->fault = -ENODEV;
	return i->fault ? 0 : r < 0 ? r : 1;
}

int net_item_look(struct net_item *i, const struct host *h, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	int r;

	i->fault = 0;
	i->appeared = false;
	mem_set(&i->replaced, NULL);
	if (i->interface)
		return look_at_index(i, h, e);
	/* none matched when the profile was read, or it was unknown which */
	r = net_select_list(&i->select, h, &names, e);
	if (r < 0)
		return r;
	i->appeared = names[0] != NULL;
	i->fault = -ENODEV;
	return 0;
}

int net_item_check(const struct net_item *i, const struct host *h, struct err *e)
{
	return net_index_check(h, i->interface, i->index, e);
}

int net_item_seen(struct net_item *i, int code)
{
	i->lacks = code == 0 && i->formula;
	if (i->lacks)
		code = -EOPNOTSUPP;
	if (code != -ENODEV && code != -EOPNOTSUPP)
		return code;
	i->fault = code;
	return 0;
}

char *net_item_dir(const struct net_item *i, const struct host *h)
{
	_free_ char *link = NULL;

	/* before the node is looked at, it is unknown which interface matches */
	if (!h || !i->interface || i->fault)
		return NULL;
	link = mem_format("/sys/class/net/%s", i->interface);
	return host_sysfs_real(h, link);
}

enum reason net_item_reason(int code, enum reason other)
{
	switch (code) {
	case -ENODEV:
	case -ESTALE: return REASON_INTERFACE_GONE;
	case -EOPNOTSUPP: return REASON_INTERFACE_UNSUPPORTED;
	case -EINVAL:
	case -ERANGE: return REASON_REFUSED_BY_KERNEL;
	default: return other;
	}
}

/* --- reports -------------------------------------------------------------------------
 */

void net_item_diff_absent(const struct net_item *i, struct change *ret)
{
	_free_ char *text = net_select_text(&i->select);

	if (i->replaced)
		change_set(ret, STATE_FAILED, REASON_INTERFACE_GONE, "%s", i->replaced);
	else if (i->r.run.begun)
		change_set(ret, STATE_FAILED, REASON_INTERFACE_GONE,
		           "the interface %s disappeared", i->interface);
	else if (i->appeared)
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "an interface that matches appeared after the profile was "
		           "read (%s)",
		           text);
	else if (i->r.run.waits)
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "no interface matches yet (%s): waits for a module", text);
	else
		change_set(ret, STATE_SKIPPED, REASON_NO_INTERFACE,
		           "no interface matches (%s)", text);
}

void net_item_diff_unsupported(const struct net_item *i, const char *what,
                               struct change *ret)
{
	if (i->lacks)
		what = "queues or rings, which a formula names";
	if (i->r.spec.optional) {
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "%s has no %s, which is optional", i->interface, what);
		return;
	}
	change_set(ret, STATE_FAILED, REASON_INTERFACE_UNSUPPORTED,
	           "the driver of %s has no %s", i->interface, what);
	change_remedy(ret,
	              "remove %s from the item, limit it to other interfaces, or add "
	              "`optional: true`",
	              i->r.kind->name);
}

static const char *captured_interface(const struct node *item)
{
	return node_get(node_get(item, "interfaces"), "name")->items[0]->text;
}

struct node *net_item_captured(struct node *section, const struct net_item *i)
{
	struct node *item, *names;

	/* several items may select it, but only one may set a value */
	node_for_each (one, section)
		if (strcmp(captured_interface(one), i->interface) == 0)
			return one;
	item = node_new(NODE_MAP);
	node_set(item, "name", node_new_word(i->r.name));
	names = node_new(NODE_LIST);
	node_append(names, node_new_word(i->interface));
	node_set(node_get_map(item, "interfaces"), "name", names);
	node_append(section, item);
	return item;
}

void net_item_done(struct resource *r)
{
	struct net_item *i = CONTAINER_OF(r, struct net_item, r);

	fields_done(net_item_fields, i);
	mem_set(&i->replaced, NULL);
}

uint64_t net_item_capabilities(const char *name, bool acts)
{
	(void)name;
	return acts ? CAPABILITY(NET_ADMIN) : 0;
}

bool net_item_comes_with(const struct resource *r, const struct resource *module)
{
	const char *drivers = CONST_CONTAINER_OF(r, struct net_item, r)->select.drivers;

	return !drivers || words_have(drivers, ',', module->name);
}
