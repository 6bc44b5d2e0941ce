/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/words.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "sysctl/interfaces.h"
#include "sysctl/key.h"
#include "sysctl/value.h"

#include <string.h>

static struct node *new_collapsed(const char *text)
{
	_free_ char *value = words_collapse(text);

	return node_new_text(value);
}

static struct node *sysctl_node(const struct host *h, const char *key)
{
	_free_ char *path = sysctl_key_path(key);
	struct node *value = part_line(h, path, new_collapsed);

	return value ? value : node_new_null();
}

/* A key for all interfaces: one entry for each that the host has now. */
static void add_interfaces(struct node *all, const struct host *h, const char *pattern)
{
	_cleanup_(sysctl_interfaces_done) struct sysctl_interfaces in = {0};
	const struct sysctl_value any = {0};
	struct err e = {0};

	if (sysctl_interfaces_observe(&in, pattern, &any, h, &e) < 0) {
		node_set(all, pattern, part_missing(e.text));
		return;
	}
	for (size_t i = 0; i < in.n; i++)
		node_set(all, in.list[i].key, node_new_text(in.list[i].now));
}

struct node *part_sysctls(const struct host *h, const struct node *keys)
{
	struct node *all = node_new(NODE_MAP);

	node_for_each (key, keys) {
		if (strchr(key->key, '*'))
			add_interfaces(all, h, key->key);
		else
			node_set(all, key->key, sysctl_node(h, key->key));
	}
	return all;
}
