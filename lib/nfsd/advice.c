/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/advice.h"

#include "base/macro.h"
#include "nfsd/stats.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PACKETS_LEAST     100
#define WAITED_PERCENT    5
#define BUSY_PERCENT      90
#define THREADS_PER_CPU   4
#define THREADS_LEAST     8   /* rpc.nfsd(8): a useful starting point */
#define THREADS_MOST      256 /* never advise more: AWS ParallelCluster */
#define LRU_LONG          100000
#define CONNECTIONS_CLOSE 80 /* percent of the limit */

static void say(struct nfsd_advice *a, const char *fmt, ...) _printf_(2, 3);
static void say(struct nfsd_advice *a, const char *fmt, ...)
{
	size_t used = strlen(a->text);
	va_list ap;

	if (used > 0)
		used += (size_t)snprintf(a->text + used, sizeof(a->text) - used, "; ");
	if (used >= sizeof(a->text))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(a->text + used, sizeof(a->text) - used, fmt, ap);
	va_end(ap);
}

static unsigned nfsd_advice_at_most(uint64_t value, unsigned limit)
{
	return value < limit ? (unsigned)value : limit;
}

static unsigned threads_most(unsigned cpus)
{
	uint64_t most = (uint64_t)cpus * THREADS_PER_CPU;

	return most < THREADS_LEAST ? THREADS_LEAST
	                            : nfsd_advice_at_most(most, THREADS_MOST);
}

/* Percent of the time of all CPUs; 0 where it is unknown. */
static uint64_t busy_percent(const struct nfsd_measurement *e)
{
	uint64_t all = e->interval_ms * e->cpus;

	return e->stats->has_tasks && all > 0 ? e->stats->cpu_ms * 100 / all : 0;
}

static void assess_queue(const struct nfsd_measurement *e, struct nfsd_advice *a)
{
	const struct nfsd_stats *s = e->stats;
	uint64_t waited = s->enqueued > s->woken ? s->enqueued - s->woken : 0;
	uint64_t percent = s->enqueued > 0 ? waited * 100 / s->enqueued : 0;
	uint64_t busy = busy_percent(e);
	unsigned most = threads_most(e->cpus), more = e->threads + (e->threads + 3) / 4;

	if (!s->has_pools || s->enqueued < PACKETS_LEAST) {
		say(a, "%s",
		    s->has_pools ? "too few requests to judge the number of threads"
		                 : "the counters of the request queue are not available");
		return;
	}
	a->verdict = NFSD_RIGHT;
	say(a, "%" PRIu64 " of %" PRIu64 " times (%" PRIu64 "%%) no thread was idle",
	    waited, s->enqueued, percent);
	if (percent <= WAITED_PERCENT)
		return;
	if (e->lockup) {
		say(a, "a CPU was stuck: do not add threads");
	} else if (busy >= BUSY_PERCENT) {
		say(a, "nfsd uses %" PRIu64 "%% of %u CPUs: more threads will not help",
		    busy, e->cpus);
	} else if (e->threads > most) {
		return;
	} else if (e->threads == most) {
		say(a, "%u threads are the maximum for %u CPUs: check the drives",
		    e->threads, e->cpus);
	} else {
		a->verdict = NFSD_RAISE;
		a->threads = more < most ? more : most;
	}
}

/* More threads than the CPUs can run are too many, even if packets wait. */
static void assess_number(const struct nfsd_measurement *e, struct nfsd_advice *a)
{
	unsigned most = threads_most(e->cpus);

	if (e->lockup)
		most = e->cpus > THREADS_LEAST ? e->cpus : THREADS_LEAST;
	if (e->threads <= most)
		return;
	a->verdict = NFSD_LOWER;
	a->threads = most;
	say(a, "%u threads are too many for %u CPUs%s", e->threads, e->cpus,
	    e->lockup ? ", one of which was stuck" : "");
}

static void assess_connections(const struct nfsd_measurement *e, struct nfsd_advice *a)
{
	const struct nfsd_stats *s = e->stats;
	unsigned needed;

	if (!s->has_open || s->open_max == 0 ||
	    s->open * 100 < s->open_max * CONNECTIONS_CLOSE)
		return;
	say(a, "%" PRIu64 " connections: this kernel closes connections above %" PRIu64,
	    s->open, s->open_max);
	/* room for a quarter more */
	needed = nfsd_advice_at_most((s->open + s->open / 4 + 19) / 20, THREADS_MOST);
	if (a->verdict != NFSD_LOWER && !e->lockup && needed > e->threads &&
	    needed > a->threads) {
		a->verdict = NFSD_RAISE;
		a->threads = needed;
	}
}

struct nfsd_advice nfsd_advice(const struct nfsd_measurement *e)
{
	const struct nfsd_stats *s = e->stats;
	struct nfsd_advice a = {.verdict = NFSD_UNKNOWN};

	if (e->threads == 0 || e->cpus == 0) {
		say(&a, "%s",
		    e->threads == 0 ? "no server is running"
		                    : "the number of CPUs is unknown");
		return a;
	}
	assess_queue(e, &a);
	assess_number(e, &a);
	assess_connections(e, &a);
	if (s->has_filecache && s->lru >= LRU_LONG && s->v3_calls > 0)
		say(&a,
		    "%" PRIu64
		    " files stay open for NFSv3 clients, and the kernel scans all "
		    "of them under a lock: use NFSv4",
		    s->lru);
	if (s->has_tasks && s->blocked * 2 > s->tasks)
		say(&a, "%" PRIu64 " of %" PRIu64 " threads wait for I/O", s->blocked,
		    s->tasks);
	return a;
}

const char *nfsd_verdict_word(enum nfsd_verdict v)
{
	static const char *const words[] = {
		[NFSD_UNKNOWN] = "unknown",
		[NFSD_RIGHT] = "right",
		[NFSD_RAISE] = "raise",
		[NFSD_LOWER] = "lower",
	};

	return words[v];
}
