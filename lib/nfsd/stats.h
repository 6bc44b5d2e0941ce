/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_STATS_H
#define NFSD_STATS_H

/*
 * The kernel's counters of its NFS server: the evidence for a number of threads. All
 * counters grow from the start of the server or its namespace and are never reset;
 * subtract two readings to get what happened in between.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

struct nfsd_stats {
	/* /proc/net/rpc/nfsd of this network namespace */
	bool has_rpc;
	uint64_t all_threads; /* of the servers of all namespaces; not a counter */
	uint64_t packets, connections; /* accepted so far */
	uint64_t calls;                /* RPC, all versions */
	uint64_t v3_calls, v4_calls;   /* without NULL; v4: COMPOUND */

	/* pool_stats, all pools together: Documentation/filesystems/nfs/knfsd-stats.rst
	 */
	bool has_pools;
	uint64_t pools;
	uint64_t arrived, enqueued, woken;

	/* filecache: inodes and lru are not counters */
	bool has_filecache;
	uint64_t inodes, lru, hits, acquisitions;

	/* kernel threads named nfsd, of the whole node */
	bool has_tasks;
	uint64_t tasks, running, blocked; /* now; blocked: state D, waiting for I/O */
	uint64_t cpu_ms;                  /* of all, each since its start */

	/* TCP connections to port 2049 */
	bool has_open;
	uint64_t open; /* now */
	bool has_open_max;
	uint64_t open_max; /* the kernel's limit; 0: no limit */
};

/*
 * Read what can be read without write permission; the rest has its has_... false.
 * `threads` of this namespace's server determines the connection limit. Cannot fail.
 */
void nfsd_stats_read(const struct host *h, unsigned threads, struct nfsd_stats *ret);

/*
 * Return `now` minus the counters of `before`. A counter that is smaller than before was
 * restarted and counts from 0.
 */
struct nfsd_stats nfsd_stats_since(const struct nfsd_stats *before,
                                   const struct nfsd_stats *now);

/*
 * The parsers, for untrusted text: they set what they find, and has_... if that is
 * sufficient. A task (the text of /proc/PID/stat) adds to the counts if it is an nfsd
 * thread.
 */
void nfsd_stats_parse_rpc(const char *text, struct nfsd_stats *ret);
void nfsd_stats_parse_pools(const char *text, struct nfsd_stats *ret);
void nfsd_stats_parse_filecache(const char *text, struct nfsd_stats *ret);
void nfsd_stats_parse_task(const char *text, struct nfsd_stats *ret);

#endif
