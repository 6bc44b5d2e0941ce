/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/per_interface.h"

#include "base/hash.h"
#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/recorded.h"
#include "network/group.h"
#include "network/index.h"
#include "network/item.h"

#include <stdlib.h>
#include <string.h>

/* More are no choice of an item, but all interfaces of the pods of a node. */
#define MATCHES_MAX 64

/* Valid as an MTU and as the length of a queue. */
#define MTU_ANY 1500

static struct node *text_at(const char *text, struct place at)
{
	struct node *n = node_new_text(text);

	n->at = n->key_at = at;
	return n;
}

static struct node *item_of(const struct node *item, const char *interface)
{
	const struct node *name = node_get(item, "name"),
			  *old = node_get(item, "interfaces");
	_free_ char *own = mem_format("%s/%s", name->text, interface);
	struct node *copy = node_copy(item), *select = node_new(NODE_MAP);

	select->at = select->key_at = old->at;
	node_set(select, "name", text_at(interface, old->at));
	node_set(copy, "interfaces", select);
	node_set(copy, "name", text_at(own, name->at));
	return copy;
}

/* Append one item for each interface to `list`. Return: whether there is one. */
static bool expand_item(const struct node *item, const struct net_select *s,
                        const struct host *h, struct node *list, struct diagnostics *diag)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;
	size_t n = 0;

	/* what is unknown is reported when the item is observed */
	if (net_select_list(s, h, &names, &ignored) < 0)
		return false;
	while (names[n])
		n++;
	if (n > MATCHES_MAX) {
		diag_error(diag, node_get(item, "interfaces")->at,
		           "interfaces: match %zu interfaces of this node (limit: %d)", n,
		           MATCHES_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		node_append(list, item_of(item, names[i]));
	return n > 0;
}

static bool expand_or_check(const struct node *item, const struct host *h,
                            struct node *list, struct diagnostics *diag)
{
	struct net_item *n = mem_new(1, sizeof(*n));
	size_t before = diag_count_errors(diag);
	bool expanded = false;

	fields_parse(net_item_fields, item, n, diag);
	if (node_get(item, "interfaces") && diag_count_errors(diag) == before) {
		const struct net_select *s = &n->select;

		if (!s->drivers && !s->names && !s->default_route)
			diag_error(diag, node_get(item, "interfaces")->at,
			           "interfaces: selects nothing (give driver, name or "
			           "default-route: true)");
		else if (h && !net_select_single(s))
			expanded = expand_item(item, s, h, list, diag);
	}
	fields_done(net_item_fields, n);
	mem_freep(&n);
	return expanded;
}

void per_interface_expand(struct node *network, const struct host *h,
                          struct diagnostics *diag)
{
	_node_ struct node *list = node_new(NODE_LIST);

	for (size_t i = 0; i < network->n; i++) {
		struct node *item = network->items[i];

		if (expand_or_check(item, h, list, diag))
			node_free(item);
		else
			node_append(list, item);
	}
	network->n = 0;
	for (size_t i = 0; i < list->n; i++)
		node_append(network, list->items[i]);
	list->n = 0;
}

/* List all interfaces with a device. Free with names_free(). Return: 0; -errno. */
static int devices_list(const struct host *h, char ***ret, struct err *e)
{
	char all[] = "*";
	const struct net_select every = {.names = all};
	size_t n = 0;
	int r = net_select_list(&every, h, ret, e);

	if (r < 0)
		return r;
	for (size_t i = 0; (*ret)[i]; i++) {
		_free_ char *device = mem_format("/sys/class/net/%s/device", (*ret)[i]);
		int found = r == 0 ? host_file_find(h, device, e) : 0;

		if (found > 0)
			(*ret)[n++] = (*ret)[i];
		else
			free((*ret)[i]);
		if (found < 0)
			r = found;
	}
	(*ret)[n] = NULL;
	return r;
}

/* Name all attributes of a group. Their values do not matter, but must be valid. */
static void survey_group(struct node *item, const struct net_group *g)
{
	struct node *map = g->get || g->ask ? node_get_map(item, g->name) : item;

	for (size_t i = 0; i < g->n; i++) {
		const struct net_attr *a = &g->attrs[i];

		node_set(map, a->name,
		         a->flag   ? node_new_bool(true)
		         : a->max  ? node_new_word("max")
		         : a->file ? node_new_uint(MTU_ANY)
		                   : node_new_uint(0));
	}
}

static void survey_interface(struct node *network, const struct host *h, const char *name)
{
	static const char *const steered[] = {"rps", "xps", "rfs"};
	_free_ char *queues = mem_format("/sys/class/net/%s/queues", name);
	struct node *item = node_new(NODE_MAP);
	struct err ignored;
	bool has_queues;

	node_set(item, "name", node_new_text(name));
	node_set(node_get_map(item, "interfaces"), "name", node_new_text(name));
	node_set(item, "optional", node_new_bool(true));
	/* a captured tree has only what is in files */
	for (const struct net_group *const *g = net_groups; *g; g++)
		if (recorded_or_live(h) || !((*g)->get || (*g)->ask))
			survey_group(item, *g);
	if (recorded_or_live(h))
		node_set(item, "qdisc", node_new_word("fq"));
	/* if it is unknown, to steer them fails and is noted */
	has_queues = host_file_find(h, queues, &ignored) != 0;
	for (size_t i = 0; has_queues && i < ARRAY_SIZE(steered); i++)
		node_set(item, steered[i], node_new_word("auto"));
	node_append(network, item);
}

void per_interface_survey(struct node *network, const struct host *h,
                          struct diagnostics *diag)
{
	static const struct place nowhere = {.file = ""};
	_cleanup_(names_freep) char **names = NULL;
	struct err e;
	size_t i = 0;

	if (devices_list(h, &names, &e) < 0) {
		diag_note(diag, nowhere, "network: %s", e.text);
		return;
	}
	for (; i < MATCHES_MAX && names[i]; i++)
		survey_interface(network, h, names[i]);
	if (names[i])
		diag_note(diag, nowhere, "network: more than %d interfaces have a device",
		          MATCHES_MAX);
}

uint64_t per_interface_devices(const struct host *h)
{
	_cleanup_(names_freep) char **names = NULL;
	uint64_t hash = HASH_START;
	struct err ignored;
	unsigned index;

	if (devices_list(h, &names, &ignored) < 0)
		return 0;
	for (size_t i = 0; names[i]; i++) {
		hash = hash_bytes(hash, names[i], strlen(names[i]) + 1);
		if (net_index_read(h, names[i], &index, &ignored) == 0)
			hash = hash_bytes(hash, &index, sizeof(index));
	}
	return hash;
}
