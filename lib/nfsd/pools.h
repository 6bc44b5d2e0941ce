/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_POOLS_H
#define NFSD_POOLS_H

/*
 * The pools among which the kernel divides the threads of an NFS server. A request waits
 * in the pool of the CPU or NUMA node that its packet arrived at, and only the threads of
 * that pool serve it: if the pool has none, the client gets no answer. Since a patch of
 * July 2026, svc_pool_for_cpu() skips pools without threads; Debian's 6.1.192
 * and 6.12.117 have it.
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stdint.h>

struct host_facts;

/* What happens to the clients of an empty pool, to follow "... without a thread: ". */
#define NFSD_POOLS_EMPTY \
	"kernels before July 2026 do not answer clients whose packets arrive at their CPUs"

/*
 * Whether this kernel (NUM_VERSION, 0 if unknown) always makes a pool for each NUMA node.
 * It accepts a write of another pool mode, logs that the parameter is deprecated, and
 * changes nothing.
 */
bool nfsd_pools_only_per_node(unsigned kernel);

/*
 * Warn of fewer threads than the pools that a server makes when it starts with that
 * pool-mode ("": it is not in the profile).
 */
void nfsd_pools_check(uint64_t threads, const char *mode, const struct host_facts *facts,
                      struct place at, struct diagnostics *diag);

#endif
