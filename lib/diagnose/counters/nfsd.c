/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The NFS server of this network namespace: threads, requests, cache. */
#include "base/err.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/files.h"
#include "diagnose/counters/tally.h"
#include "host/host.h"
#include "nfsd/server.h"
#include "nfsd/stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FILES "/proc/fs/nfsd"
#define RPC   "/proc/net/rpc/nfsd"
#define POOLS "/proc/fs/nfsd/pool_stats"
#define CACHE "/proc/fs/nfsd/filecache"

struct server_reading {
	int r; /* -ENOENT: no server is running */
	struct err e;
	unsigned threads;
	struct nfsd_stats stats;
	bool has_replays;
	uint64_t replays,
		replayable; /* answers from the reply cache, and requests it saw */
};

/* "rc HITS MISSES NOCACHE" */
static void read_replies(const struct host *h, struct server_reading *ret)
{
	_free_ char *text = NULL;
	struct err ignored;
	uint64_t misses, others;

	if (counter_file_read(h, RPC, &text, &ignored) < 0 ||
	    sscanf(text, "rc %" SCNu64 " %" SCNu64 " %" SCNu64, &ret->replays, &misses,
	           &others) != 3)
		return;
	ret->has_replays = true;
	ret->replayable = ret->replays + misses;
}

static void server_read(const struct host *h, struct server_reading *ret)
{
	struct nfsd_server server;

	*ret = (struct server_reading){0};
	ret->r = nfsd_server_observe(h, &server, &ret->e);
	if (ret->r == 0 && server.threads == 0)
		ret->r = err_set(&ret->e, -ENOENT, "no NFS server is running");
	if (ret->r < 0)
		return;
	ret->threads = server.threads;
	nfsd_stats_read(h, server.threads, &ret->stats);
	read_replies(h, ret);
}

static void *server_begin(const struct diagnose_run *run)
{
	struct server_reading *first = mem_new(1, sizeof(*first));

	server_read(run->h, first);
	return first;
}

/* --- measures ------------------------------------------------------------------------
 */

/* One measure, known or not. */
static void add(struct diagnose_run *run, enum measure_id id, bool known, uint64_t value,
                const char *path)
{
	_free_ char *why = mem_format("%s: cannot be read", path);

	if (known)
		measure_add(&run->measures, id, "", counter_value(value), path);
	else
		measure_add_absent(&run->measures, id, "", why);
}

static void add_stats(struct diagnose_run *run, const struct nfsd_stats *s)
{
	uint64_t waited = s->enqueued > s->woken ? s->enqueued - s->woken : 0;

	add(run, MEASURE_NFS_CALLS, s->has_rpc, s->calls, RPC);
	add(run, MEASURE_NFS_V3_CALLS, s->has_rpc, s->v3_calls, RPC);
	add(run, MEASURE_NFS_V4_CALLS, s->has_rpc, s->v4_calls, RPC);
	add(run, MEASURE_NFS_ARRIVED, s->has_pools, s->arrived, POOLS);
	add(run, MEASURE_NFS_QUEUED, s->has_pools, s->enqueued, POOLS);
	add(run, MEASURE_NFS_WAITED, s->has_pools, waited, POOLS);
	add(run, MEASURE_NFS_OPEN_FILES, s->has_filecache, s->lru, CACHE);
	add(run, MEASURE_NFS_CONNECTIONS, s->has_open, s->open, "/proc/net/tcp");
	add(run, MEASURE_NFS_CONNECTIONS_MAX, s->has_open_max, s->open_max,
	    "/proc/fs/nfsd/max_connections");
}

static void add_server(struct diagnose_run *run, const struct server_reading *now,
                       const struct server_reading *before)
{
	bool counted = before && before->r == 0;
	struct nfsd_stats since =
		counted ? nfsd_stats_since(&before->stats, &now->stats) : now->stats;
	uint64_t replays = counter_since(counted ? before->replays : 0, now->replays, 64),
		 seen = counter_since(counted ? before->replayable : 0, now->replayable,
	                              64);

	measure_add(&run->measures, MEASURE_NFS_SERVER, "", 1, FILES);
	add(run, MEASURE_NFS_THREADS, true, now->threads, FILES);
	add_stats(run, &since);
	add(run, MEASURE_NFS_REPLAYS, now->has_replays, replays, RPC);
	add(run, MEASURE_NFS_REPLAYABLE, now->has_replays, seen, RPC);
}

static void server_end(struct diagnose_run *run, void *first)
{
	const struct server_reading *before = first;
	struct server_reading now;

	server_read(run->h, &now);
	if (now.r == 0 && before && before->r < 0 && before->r != -ENOENT)
		now = *before;
	/* a server that was started meanwhile counts from 0 */
	if (now.r == 0)
		add_server(run, &now, before);
	else if (now.r == -ENOENT)
		measure_add(&run->measures, MEASURE_NFS_SERVER, "", 0, FILES);
	else
		measure_add_unread(&run->measures, MEASURE_NFS_SERVER, "", &now.e);
	free(first);
}

const struct diagnose_source source_nfsd = {.name = "nfsd",
                                            .needs_host = true,
                                            .expensive = true,
                                            .begin = server_begin,
                                            .end = server_end};
