/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_ADVICE_H
#define NFSD_ADVICE_H

/*
 * Advice on the number of nfsd threads, from the kernel's counters. hosttune never acts
 * on it.
 *
 * Rules and their sources:
 * - The kernel queues a connection that has data, and wakes a thread if one is idle. The
 *   difference, queued - woken, counts how often no thread was idle (svc_xprt_enqueue()
 *   of 6.1 and 6.12, and measured there; knfsd-stats.rst describes an older kernel, whose
 *   "enqueued" was that difference). More than 5 %, of at least 100, is too many:
 *   judgement. More threads only help if they get CPU time: not while nfsd uses 90 % of
 *   all CPUs.
 * - More than 4 threads per CPU exceeds what AWS ParallelCluster sets,
 *   min(256, max(8, 4 * CPUs)), and bottlerocket#4307 ended its soft lockups with one per
 *   CPU.
 * - After a soft lockup, or a time-out of a network card that got no CPU time, never
 *   advise more threads; more than one per CPU (at least 8) are too many: #4307.
 * - Kernels up to 6.1 close connections above (threads + 3) * 20.
 * - NFSv3 with many open files: the kernel scans all of them under a lock every 2 s
 *   (nfsd_file_gc() of 6.1 and 6.12). 100000 is judgement. The number of threads does
 *   not change that.
 */

#include <stdbool.h>
#include <stdint.h>

struct nfsd_stats;

enum nfsd_verdict {
	NFSD_UNKNOWN, /* too few counts to judge */
	NFSD_RIGHT,
	NFSD_RAISE,
	NFSD_LOWER,
};

struct nfsd_advice {
	enum nfsd_verdict verdict;
	unsigned threads; /* advised number; NFSD_RAISE and NFSD_LOWER */
	char text[512];   /* why, with figures, and other findings */
};

/* The counts, and the time they cover. */
struct nfsd_measurement {
	const struct nfsd_stats *stats; /* since the start, or in `interval_ms` */
	uint64_t interval_ms; /* 0: since the start; CPU time is then not judged */
	unsigned threads, cpus;
	bool lockup; /* a CPU was stuck, or a network card got no CPU time */
};

/* Judge the counts. Pure; never fails. */
struct nfsd_advice nfsd_advice(const struct nfsd_measurement *e);

/* The verdict as a word: "raise". */
const char *nfsd_verdict_word(enum nfsd_verdict v);

#endif
