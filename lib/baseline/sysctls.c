/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/words.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/file.h"
#include "sysctl/interfaces.h"
#include "sysctl/key.h"
#include "sysctl/value.h"

#include <errno.h>
#include <string.h>

static struct node *sysctl_node(const struct host *h, const char *key)
{
	_free_ char *path = sysctl_key_path(key), *raw = NULL, *value = NULL;
	struct err e = {0};
	int r = host_file_read_line(h, path, &raw, &e);

	if (r == -ENOENT || r == -ENOTDIR)
		return node_new_null();
	if (r < 0)
		return part_missing(e.text);
	value = words_collapse(raw);
	return node_new_text(value);
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
