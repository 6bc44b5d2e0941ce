/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/threads.h"

#include "base/mem.h"
#include "nfsd/pools.h"
#include "resource/kind.h"

static void diff_number(const struct nfsd_server *now, struct nfsd_wanted w,
                        struct change *ret)
{
	if (now->threads == w.threads)
		change_set(
			ret, STATE_DRIFT, REASON_LIVE_DIFFERS,
			"%u of %u pools without a thread, although %u threads are enough "
			"for all",
			now->empty, now->pools, w.threads);
	else
		change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS,
		           "threads is %u, should be %u", now->threads, w.threads);
	change_remedy(ret, "rpc.nfsd %u", w.threads);
}

void nfsd_threads_diff(const struct nfsd_server *now, struct nfsd_wanted w,
                       struct change *ret)
{
	if (!nfsd_server_has(now, w.threads)) {
		diff_number(now, w, ret);
	} else if (w.min_threads && !now->has_min_threads) {
		change_set(
			ret, STATE_OK, REASON_NONE,
			"%u; this kernel never stops idle threads: min-threads has no effect",
			now->threads);
	} else if (w.min_threads && now->min_threads != w.min_threads) {
		change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS,
		           "min-threads is %u, should be %u", now->min_threads,
		           w.min_threads);
		change_remedy(ret, "nfsdctl threads -m %u %u", w.min_threads, w.threads);
	} else if (now->empty > 0 && w.threads < now->pools) {
		change_set(ret, STATE_OK, REASON_NFSD_POOLS,
		           "%u of %u pools without a thread: " NFSD_POOLS_EMPTY,
		           now->empty, now->pools);
		change_remedy(ret, "set threads to %u or more, or `pool-mode: global`",
		              now->pools);
	}
}

void nfsd_threads_differences(const struct nfsd_server *now, struct nfsd_wanted w,
                              struct differences *ret)
{
	if (now->threads == w.threads && now->empty > 0)
		difference_add(ret, mem_dup(" (empty pools)"),
		               mem_format("%u", now->empty), mem_dup("0"));
	else if (!nfsd_server_has(now, w.threads))
		difference_add(ret, NULL, mem_format("%u", now->threads),
		               mem_format("%u", w.threads));
	else if (w.min_threads && now->has_min_threads &&
	         now->min_threads != w.min_threads)
		difference_add(ret, mem_dup(" (min)"), mem_format("%u", now->min_threads),
		               mem_format("%u", w.min_threads));
}
