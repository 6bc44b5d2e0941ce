/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/counters.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/own_netns.h"

#define TEXT_MAX (1024 * 1024)

/* Read one file. No mount and no child process is made just for metrics. */
static void read_nfsd(const struct host *h, const char *path,
                      void (*parse)(const char *text, struct nfsd_stats *ret),
                      struct nfsd_stats *ret)
{
	_free_ char *text = NULL;
	struct err ignored;

	if (host_file_read(h, path, TEXT_MAX, &text, &ignored) == 0)
		parse(text, ret);
}

void watch_counters_read(struct watch_counters *f, const struct host *h)
{
	_free_ char *rpc = host_netns_file(h, "rpc/nfsd");
	struct err ignored;

	*f = (struct watch_counters){0};
	(void)softnet_read(h, &f->softnet, &ignored);
	read_nfsd(h, rpc, nfsd_stats_parse_rpc, &f->nfsd);
	read_nfsd(h, "/proc/fs/nfsd/pool_stats", nfsd_stats_parse_pools, &f->nfsd);
}

void watch_counters_done(struct watch_counters *f)
{
	softnet_done(&f->softnet);
}
