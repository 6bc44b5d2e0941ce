/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any text as the API's answer to GET /settings or to a request for a list: reading it is
 * bounded, resources of each kind that settings can store are compared with it, and after
 * they are stored, a second comparison finds nothing to store. Then the same text as the
 * settings of a captured profile.
 */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "bottlerocket/request.h"
#include "bottlerocket/whole.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "engine/persist/persisted.h"
#include "engine/persist/store.h"
#include "host/host.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "resource/kinds.h"

#include <string.h>

FUZZ_MUTATES_TREES

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
	{&kind_setting, "container-registry.mirrors.\"docker.io\": [https://x]", NULL},
	{&kind_setting, "kubernetes.node-taints.a: v:NoSchedule", NULL},
	{&kind_setting, "kubernetes.cluster-dns-ip: ['0:0::1', 10.0.0.1]", NULL},
	{&kind_setting, "kubernetes.credential-providers.ecr.cache-duration: 31m", NULL},
};

/* The value of one of them, parsed once. */
static const struct node *wanted(size_t i)
{
	static struct node *parsed[ARRAY_SIZE(wants)];
	_diagnostics_ struct diagnostics diag = {0};

	if (!parsed[i])
		parsed[i] =
			node_yaml_parse(wants[i].yaml, strlen(wants[i].yaml), "f", &diag);
	assert(parsed[i]);
	return parsed[i]->items[0];
}

static struct resource *make(size_t i)
{
	_diagnostics_ struct diagnostics diag = {0};
	const struct node *want = wanted(i);
	const struct kind *kind = wants[i].kind;
	struct resource *r = mem_new(1, kind->size);

	r->kind = kind;
	r->name = kind->canonical ? kind->canonical(want->key) : mem_dup(want->key);
	assert(kind->parse(r, want, &diag) && diag.n == 0);
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
	_node_ struct node *later = node_copy(live), *reduced = node_copy(live);
	_free_ char *text = NULL;

	persisted_compare(&first, r, &persist_settings, live);
	persisted_attribute(&first, r, NULL, NULL);
	change_clear(&r->run.change);
	text = node_json_format(first.wanted, false);
	merge(later, first.wanted);
	persisted_compare(&second, r, &persist_settings, later);
	assert(!persisted_differs(&second));
	persisted_diff_done(&second);
	/* the same if only what the server needs is sent */
	whole_reduce(first.wanted, live);
	merge(reduced, first.wanted);
	persisted_compare(&second, r, &persist_settings, reduced);
	assert(!persisted_differs(&second));
	resource_free(r);
}

/* A host of which nothing can be read. */
static char none[] = "";
static const struct host nowhere = {.root_fd = -1, .root = none, .release = none};

/* The settings become a profile, as in capture, and are compared with themselves. */
static void take(const struct node *live)
{
	_diagnostics_ struct diagnostics diag = {0};
	struct node *tree = node_new(NODE_MAP);
	struct profile p;

	node_set(tree, "version", node_new_uint(1));
	node_set(tree, "settings", node_copy(live));
	(void)profile_take(&p, tree, &nowhere, &diag);
	for (size_t i = 0; diag.n == 0 && i < p.n; i++) {
		_persisted_diff_ struct persisted_diff stored = {0};

		persisted_compare(&stored, p.resources[i], &persist_settings, live);
	}
	profile_done(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct api_call call = {.method = "GET", .path = "/"};
	_answer_ struct api_answer answer = {0};
	_node_ struct node *settings = NULL, *list = NULL;
	struct err e = {0};

	buf_add_n(&answer.body, (const char *)data, size);
	if (api_request_body(&call, &answer, NODE_LIST, &list, &e) == 0)
		return 0;
	e = (struct err){0};
	if (api_request_body(&call, &answer, NODE_MAP, &settings, &e) < 0) {
		assert(e.code < 0 && !settings);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(wants); i++)
		compare(i, settings);
	take(settings);
	return 0;
}
