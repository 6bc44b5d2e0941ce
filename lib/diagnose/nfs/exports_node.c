/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/nfs/exports_node.h"

#include "base/mem.h"
#include "diagnose/nfs/exports.h"
#include "doc/node.h"
#include "host/recorded.h"

#include <limits.h>

/* A bundle can hold anything. */
#define EXPORTS_MAX 4096

static struct node *export_node(const struct nfs_export *x)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "path", x->path);
	node_set(n, "sync", node_new_bool(x->sync));
	node_set_text(n, "where", x->where);
	if (x->fstype) {
		node_set_text(n, "fstype", x->fstype);
		node_set(n, "major", node_new_uint(x->major));
		node_set(n, "minor", node_new_uint(x->minor));
	}
	return n;
}

struct node *nfs_exports_node(const struct nfs_exports *e)
{
	struct node *list = node_new(NODE_LIST);

	for (size_t i = 0; i < e->n; i++)
		node_append(list, export_node(&e->list[i]));
	return list;
}

static void take_export(const struct node *n, struct nfs_exports *ret)
{
	_free_ char *path = recorded_text(n, "path"), *where = recorded_text(n, "where");
	struct nfs_export *x;

	if (ret->n >= EXPORTS_MAX || !path || !where)
		return;
	x = nfs_exports_add(ret, path, recorded_flag(n, "sync"), where);
	x->fstype = recorded_text(n, "fstype");
	x->major = (unsigned)recorded_number(n, "major", UINT_MAX);
	x->minor = (unsigned)recorded_number(n, "minor", UINT_MAX);
}

void nfs_exports_take(const struct node *list, struct nfs_exports *ret)
{
	if (!list || list->type != NODE_LIST)
		return;
	node_for_each (x, list)
		take_export(x, ret);
}
