/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/whole.h"

#include "base/macro.h"
#include "bottlerocket/form.h"
#include "doc/node.h"

#include <string.h>

/*
 * Structs of the models with members that are not optional, in
 * bottlerocket-settings-sdk, bottlerocket-settings-models/.
 */
static const char *const whole[][5] = {
	/* oci-defaults: soft-limit and hard-limit (400 "missing field", recorded) */
	{"oci-defaults", "resource-limits", "*"},
	/* modeled-types/kubernetes.rs, CredentialProvider: enabled, image-patterns */
	{"kubernetes", "credential-providers", "*"},
	/* KubernetesMemoryReservation: enabled */
	{"kubernetes", "memory-manager-reserved-memory", "*"},
	/* modeled-types/hugepages.rs, HugepagesStatic: essential becomes false */
	{"kernel", "hugepages", "static"},
};

#define DEPTH ARRAY_SIZE(whole[0])

/* The keys from the top of the settings down to a value, as far as tables look. */
struct path {
	const char *segments[DEPTH];
	size_t n; /* may exceed DEPTH */
};

static struct path below(struct path path, const char *key)
{
	if (path.n < DEPTH)
		path.segments[path.n] = key;
	path.n++;
	return path;
}

static bool is_whole(const struct path *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		size_t n = 0;

		while (n < path->n && n < DEPTH && whole[i][n] &&
		       (strcmp(whole[i][n], "*") == 0 ||
		        strcmp(whole[i][n], path->segments[n]) == 0))
			n++;
		if (n == path->n && n < DEPTH && !whole[i][n])
			return true;
	}
	return false;
}

static void complete(struct node *change, const struct node *live)
{
	node_for_each (stored, live) {
		struct node *ours = node_get(change, stored->key);

		if (!ours)
			node_set(change, stored->key, node_copy(stored));
		else if (ours->type == NODE_MAP && stored->type == NODE_MAP)
			complete(ours, stored);
	}
}

struct level {
	struct path path;
	const struct node *live; /* at this path */
};

static void reduce(struct node *map, const struct level *at);

static bool is_stored(struct node *n, void *arg)
{
	const struct level *above = arg;
	const struct level at = {below(above->path, n->key),
	                         node_get(above->live, n->key)};

	if (n->type != NODE_MAP)
		return at.path.n <= DEPTH ? setting_form_same(at.path.segments, at.path.n,
		                                              n, at.live)
		                          : setting_form_same(NULL, 0, n, at.live);
	reduce(n, &at);
	if (n->n > 0 && is_whole(&at.path) && at.live && at.live->type == NODE_MAP)
		complete(n, at.live);
	return n->n == 0;
}

static void reduce(struct node *map, const struct level *at)
{
	node_filter(map, is_stored, (void *)(uintptr_t)at);
}

void whole_reduce(struct node *change, const struct node *live)
{
	const struct level top = {{{NULL}, 0}, live};

	reduce(change, &top);
}
