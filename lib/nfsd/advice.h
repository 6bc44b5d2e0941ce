/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_ADVICE_H
#define NFSD_ADVICE_H

/*
 * What the kernel's counters say of the number of nfsd threads. Advice only: nothing is
 * ever changed because of it.
 *
 * Rules, and where they are from:
 * - A connection with something to read is queued, and a thread woken if one is idle:
 *   what was queued less those woken found none (svc_xprt_enqueue() of 6.1 and 6.12, and
 *   measured there; knfsd-stats.rst describes an older kernel, where "enqueued" was that
 *   alone). More than 5 in 100, of 100 at least, is too many: judgement. More threads
 * only help while there is CPU time for them: not while nfsd takes nine tenths of all
 * CPUs.
 * - More than 4 threads a CPU is above what AWS ParallelCluster sets (min(256, max(8, 4 *
 *   CPUs))), and bottlerocket#4307 got over its soft lockups with one a CPU.
 * - After a soft lockup, or a network card's time-out for want of CPU time, more threads
 *   are never advised, and more than one a CPU (8 at least) are too many: #4307.
 * - Kernels up to 6.1 close connections beyond (threads + 3) * 20.
 * - NFSv3 and a long list of open files: the kernel holds a lock over all of it every 2 s
 *   (nfsd_file_gc() of 6.1 and 6.12). 100000 is judgement. It is no matter of threads.
 */

#include <stdbool.h>
#include <stdint.h>

struct nfsd_stats;

enum nfsd_verdict {
	NFSD_UNKNOWN, /* too little was counted to say */
	NFSD_RIGHT,
	NFSD_RAISE,
	NFSD_LOWER,
};

struct nfsd_advice {
	enum nfsd_verdict verdict;
	unsigned threads; /* how many instead; NFSD_RAISE and NFSD_LOWER */
	char text[512];   /* why, with the figures; what else is to be seen */
};

/* What was counted, and in which time. */
struct nfsd_measurement {
	const struct nfsd_stats *stats; /* since the start, or of `interval_ms` */
	uint64_t interval_ms; /* 0: since the start, so CPU time cannot be judged */
	unsigned threads, cpus;
	bool lockup; /* the kernel told of a stuck CPU, or a network card of a starved one
	              */
};

/* Pure. */
struct nfsd_advice nfsd_advice(const struct nfsd_measurement *e);

/* "raise" */
const char *nfsd_verdict_word(enum nfsd_verdict v);

#endif
