/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/pools.h"

#include "host/facts.h"

#include <string.h>

/* svc_pool_map_choose_mode() in net/sunrpc/svc.c */
static const char *mode_of_auto(const struct host_facts *facts)
{
	if (facts->numa_nodes > 1)
		return "pernode";
	return facts->cpus > 2 ? "percpu" : "global";
}

int64_t nfsd_pools_of(const char *mode, const struct host_facts *facts)
{
	if (strcmp(mode, "auto") == 0)
		mode = mode_of_auto(facts);
	if (strcmp(mode, "percpu") == 0)
		return facts->cpus;
	return strcmp(mode, "pernode") == 0 ? facts->numa_nodes : 1;
}
