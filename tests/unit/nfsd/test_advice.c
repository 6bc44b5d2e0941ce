/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/advice.h"
#include "nfsd/stats.h"
#include "test.h"

/* Of `n` queued packets `w` found no idle thread. */
#define POOLS(n, w) .has_pools = true, .pools = 1, .enqueued = (n), .woken = (n) - (w)

static const struct row {
	const char *name;
	struct nfsd_stats stats;
	unsigned threads, cpus;
	uint64_t interval_ms;
	bool lockup;
	enum nfsd_verdict verdict;
	unsigned instead;
	const char *part; /* of the text */
} rows[] = {
	{"no server",
         {POOLS(1000, 0)},
         0,
         8,
         0,
         false,
         NFSD_UNKNOWN,
         0,
         "no server is running"},
	{"no CPUs", {POOLS(1000, 0)}, 8, 0, 0, false, NFSD_UNKNOWN, 0, "number of CPUs"},
	{"no counters", {0}, 8, 8, 0, false, NFSD_UNKNOWN, 0, "not available"},
	{"idle", {POOLS(99, 99)}, 8, 8, 0, false, NFSD_UNKNOWN, 0, "too few"},
	{"none waited", {POOLS(1000, 0)}, 8, 8, 0, false, NFSD_RIGHT, 0, "0 of 1000"},
	{"few waited",
         {POOLS(1000, 59)},
         8,
         8,
         0,
         false,
         NFSD_RIGHT,
         0,
         "59 of 1000 times (5%)"},
	{"some waited", {POOLS(1000, 60)}, 8, 8, 0, false, NFSD_RAISE, 10, "(6%)"},
	{"a quarter more, one at least",
         {POOLS(1000, 500)},
         1,
         8,
         0,
         false,
         NFSD_RAISE,
         2,
         "50%"},
	{"not above the maximum",
         {POOLS(1000, 500)},
         30,
         8,
         0,
         false,
         NFSD_RAISE,
         32,
         "50%"},
	{"at the maximum",
         {POOLS(1000, 500)},
         32,
         8,
         0,
         false,
         NFSD_RIGHT,
         0,
         "check the drives"},
	{"a small node has 8", {POOLS(1000, 500)}, 7, 1, 0, false, NFSD_RAISE, 8, "50%"},
	{"the CPUs are busy",
         {POOLS(1000, 500), .has_tasks = true, .cpu_ms = 72000},
         8,
         8,
         10000,
         false,
         NFSD_RIGHT,
         0,
         "nfsd uses 90% of 8 CPUs"},
	{"the CPUs are not busy",
         {POOLS(1000, 500), .has_tasks = true, .cpu_ms = 71000},
         8,
         8,
         10000,
         false,
         NFSD_RAISE,
         10,
         "50%"},
	{"too many", {POOLS(1000, 0)}, 64, 8, 0, false, NFSD_LOWER, 32, "64 threads"},
	{"too many, though packets wait",
         {POOLS(1000, 500)},
         64,
         8,
         0,
         false,
         NFSD_LOWER,
         32,
         "64 threads are too many for 8 CPUs"},
	{"too many, without counters", {0}, 64, 8, 0, false, NFSD_LOWER, 32, "many"},
	{"a large node", {POOLS(1000, 500)}, 256, 192, 0, false, NFSD_RIGHT, 0, "50%"},
	{"a larger number",
         {POOLS(1000, 0)},
         300,
         192,
         0,
         false,
         NFSD_LOWER,
         256,
         "many"},
	{"a stuck CPU", {POOLS(1000, 500)}, 16, 8, 0, true, NFSD_LOWER, 8, "stuck"},
	{"a stuck CPU, one thread each",
         {POOLS(1000, 500)},
         8,
         8,
         0,
         true,
         NFSD_RIGHT,
         0,
         "do not add threads"},
	{"connections, far from the limit",
         {POOLS(1000, 0), .has_open = true, .open = 175, .open_max = 220},
         8,
         8,
         0,
         false,
         NFSD_RIGHT,
         0,
         "0 of 1000"},
	{"connections, close to the limit",
         {POOLS(1000, 0), .has_open = true, .open = 200, .open_max = 220},
         8,
         8,
         0,
         false,
         NFSD_RAISE,
         13,
         "200 connections: this kernel closes connections above 220"},
	{"connections, without a limit",
         {POOLS(1000, 0), .has_open = true, .open = 5000},
         8,
         8,
         0,
         false,
         NFSD_RIGHT,
         0,
         "0 of 1000"},
	{"many open files of NFSv3",
         {POOLS(1000, 0), .has_filecache = true, .lru = 100000, .v3_calls = 1},
         8,
         8,
         0,
         false,
         NFSD_RIGHT,
         0,
         "use NFSv4"},
	{"threads that wait for I/O",
         {POOLS(1000, 0), .has_tasks = true, .tasks = 8, .blocked = 5},
         8,
         8,
         0,
         false,
         NFSD_RIGHT,
         0,
         "5 of 8 threads wait for I/O"},
};

static void test_advice(void **state)
{
	const struct row *row = *state;
	struct nfsd_measurement e = {.stats = &row->stats,
	                             .interval_ms = row->interval_ms,
	                             .threads = row->threads,
	                             .cpus = row->cpus,
	                             .lockup = row->lockup};
	struct nfsd_advice a = nfsd_advice(&e);

	assert_string_equal(nfsd_verdict_word(a.verdict),
	                    nfsd_verdict_word(row->verdict));
	assert_int_equal(a.threads, row->instead);
	assert_part(a.text, row->part);
}

/* Following the advice ends at a number for which it advises no change. */
static void test_settles(void **state)
{
	struct nfsd_stats s = {POOLS(1000, 900)};

	(void)state;
	for (unsigned cpus = 1; cpus <= 256; cpus *= 2) {
		struct nfsd_measurement e = {.stats = &s, .threads = 1, .cpus = cpus};
		unsigned steps = 0;

		for (;; steps++) {
			struct nfsd_advice a = nfsd_advice(&e);

			if (a.threads == 0)
				break;
			assert_true(a.verdict == NFSD_RAISE && a.threads > e.threads);
			e.threads = a.threads;
		}
		assert_in_range(steps, 1, 40);
		assert_true(e.threads <= 256);
	}
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_advice);
	suite_test(&s, "advice settles", test_settles);
	return suite_run(&s);
}
