/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any text as the API's answer to GET /settings: reading it is bounded, resources of each
 * kind that settings can store are compared with it, and after they are stored, a second
 * comparison finds nothing to store.
 */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "bottlerocket/api.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "engine/persisted.h"
#include "resource/kinds.h"

#include <string.h>

static const struct {
	const struct kind *kind;
	const char *yaml; /* NAME: VALUE */
	const char *now;  /* live value; NULL for settings, which have none */
} wants[] = {
	{&kind_sysctl, "vm.swappiness: 10", "60"},
	{&kind_sysctl, "vm.dirty_bytes: 700000000", "0"},
	{&kind_sysctl, "net.ipv4.tcp_rmem: [4096, {max: 131072}, {min: 16MiB}]", "1 2 3"},
	{&kind_module, "tcp_bbr: x", "loaded"},
	{&kind_setting, "motd: hello", NULL},
	{&kind_setting, "boot.kernel-parameters.psi: [1, 2]", NULL},
	{&kind_setting, "kernel.sysctl.\"vm.max_map_count\": 9", NULL},
	{&kind_setting,
         "oci-defaults.resource-limits.max-open-files.hard-limit: unlimited", NULL},
};

static struct resource *make(size_t i)
{
	_diagnostics_ struct diagnostics diag = {0};
	_node_ struct node *n =
		node_yaml_parse(wants[i].yaml, strlen(wants[i].yaml), "f", &diag);
	const struct kind *kind = wants[i].kind;
	struct resource *r = mem_new(1, kind->size);

	r->kind = kind;
	r->name = kind->canonical ? kind->canonical(n->items[0]->key)
	                          : mem_dup(n->items[0]->key);
	assert(kind->parse(r, n->items[0], &diag) && diag.n == 0);
	r->seen.now = mem_dup(wants[i].now);
	return r;
}

/* Merge `from` into `into` as the API server merges a PATCH. */
static void merge(struct node *into, const struct node *from)
{
	node_for_each (item, from) {
		const struct node *had = node_get(into, item->key);

		if (item->type == NODE_MAP && (!had || had->type == NODE_MAP))
			merge(node_get_map(into, item->key), item);
		else
			node_set(into, item->key, node_copy(item));
	}
}

static void compare(size_t i, const struct node *live)
{
	struct resource *r = make(i);
	_persisted_diff_ struct persisted_diff first = {0}, second = {0};
	_node_ struct node *later = node_copy(live);
	_free_ char *text = NULL;

	persisted_compare(&first, r, live);
	persisted_attribute(&first, r, NULL);
	change_clear(&r->run.change);
	text = node_json_format(first.wanted, false);
	merge(later, first.wanted);
	persisted_compare(&second, r, later);
	assert(!persisted_differs(&second));
	resource_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = {0};
	_node_ struct node *n =
		node_json_parse_some((const char *)data, size, API_VALUES_MAX, &e);

	assert(n ? e.code == 0 : e.code < 0);
	for (size_t i = 0; n && n->type == NODE_MAP && i < ARRAY_SIZE(wants); i++)
		compare(i, n);
	return 0;
}
