/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/pools.h"

#include "base/num.h"
#include "host/facts.h"

#include <inttypes.h>
#include <string.h>

bool nfsd_pools_only_per_node(unsigned kernel)
{
	return kernel >= NUM_VERSION(7, 3);
}

/* svc_pool_map_choose_mode() in net/sunrpc/svc.c */
static const char *mode_of_auto(const struct host_size *size)
{
	if (size->numa_nodes > 1)
		return "pernode";
	return size->cpus > 2 ? "percpu" : "global";
}

static int64_t pools_of(const char *mode, const struct host_size *size)
{
	if (strcmp(mode, "auto") == 0)
		mode = mode_of_auto(size);
	if (strcmp(mode, "percpu") == 0)
		return size->cpus;
	return strcmp(mode, "pernode") == 0 ? size->numa_nodes : 1;
}

void nfsd_pools_check(uint64_t threads, const char *mode, const struct host_facts *facts,
                      struct place at, struct diagnostics *diag)
{
	const struct host_size *size;
	struct err ignored;
	int64_t pools;

	/* newer than the patch of July 2026, too */
	if (nfsd_pools_only_per_node(facts->kernel) ||
	    host_facts_size(facts, &size, &ignored) < 0)
		return;
	pools = pools_of(mode, size);
	if (threads > 0 && (int64_t)threads < pools)
		diag_warn(diag, at,
		          "threads \"%" PRIu64 "\": pool-mode %s makes %" PRId64
		          " pools on this node, and %" PRId64
		          " of them without a thread: " NFSD_POOLS_EMPTY
		          " (set threads to %" PRId64 " or more, or `pool-mode: global`)",
		          threads, mode, pools, pools - (int64_t)threads, pools);
}
