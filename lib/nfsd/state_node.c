/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/state_node.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/recorded.h"
#include "nfsd/state.h"

#include <stdio.h>

#define VERSIONS_MAX (2 * NFSD_V4_2 - 1)
#define ERRNO_MAX    4095

struct node *nfsd_state_node(const struct nfsd_server *s)
{
	struct node *n = node_new(NODE_MAP);

	node_set(n, "netlink", node_new_bool(s->netlink));
	node_set(n, "threads", node_new_uint(s->threads));
	node_set(n, "pools", node_new_uint(s->pools));
	node_set(n, "empty", node_new_uint(s->empty));
	node_set(n, "has_min_threads", node_new_bool(s->has_min_threads));
	node_set(n, "moving", node_new_bool(s->moving));
	node_set(n, "min_threads", node_new_uint(s->min_threads));
	node_set(n, "versions", node_new_uint(s->versions));
	node_set(n, "versions_known", node_new_uint(s->versions_known));
	node_set_text(n, "pool_mode", s->pool_mode);
	if (s->pool_mode_error)
		node_set(n, "pool_mode_error",
		         node_new_uint((unsigned)-s->pool_mode_error));
	node_set(n, "max_block_size", node_new_uint(s->max_block_size));
	return n;
}

void nfsd_state_take(const struct node *n, struct nfsd_server *ret)
{
	_free_ char *pool_mode = recorded_text(n, "pool_mode");

	*ret = (struct nfsd_server){
		.netlink = recorded_flag(n, "netlink"),
		.threads = (unsigned)recorded_number(n, "threads", UINT_MAX),
		.pools = (unsigned)recorded_number(n, "pools", UINT_MAX),
		.empty = (unsigned)recorded_number(n, "empty", UINT_MAX),
		.has_min_threads = recorded_flag(n, "has_min_threads"),
		.moving = recorded_flag(n, "moving"),
		.min_threads = (unsigned)recorded_number(n, "min_threads", UINT_MAX),
		.versions = (unsigned)recorded_number(n, "versions", VERSIONS_MAX),
		.versions_known =
			(unsigned)recorded_number(n, "versions_known", VERSIONS_MAX),
		.pool_mode_error = -(int)recorded_number(n, "pool_mode_error", ERRNO_MAX),
		.max_block_size = recorded_number(n, "max_block_size", UINT64_MAX),
	};
	(void)snprintf(ret->pool_mode, sizeof(ret->pool_mode), "%s",
	               pool_mode ? pool_mode : "");
}
