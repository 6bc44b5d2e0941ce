/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/num.h"
#include "nfsd/stats.h"
#include "test.h"
#include "tmproot.h"

/* As printed by Linux 6.1 and 6.12, from a server under some load. */
#define RPC                                                             \
	"rc 0 12 40\nfh 0 0 0 0 0\nio 4096 8192\n"                      \
	"th 8 0 0.000 0.000 0.000 0.000 0.000 0.000 0.000 0.000 0.000 " \
	"0.000\nra 0 0 0 0 0 0 0 0 0 0 0 0\nnet 52 3 49 5\nrpc 52 1 0 1 0\n"
#define PROC3 "proc3 22 2 5 0 1 1 0 3 7 1 0 0 0 0 0 0 0 0 1 0 2 1 4\n"
#define PROC4 "proc4 2 1 30\nproc4ops 76 0 0 0 4 0 0 0 0 0 20\nwdeleg_getattr 0\n"
#define HEAD  "# pool packets-arrived sockets-enqueued threads-woken threads-timedout\n"
#define CACHE_61                                                                        \
	"total inodes:  7\nhash buckets:  1024\nlru entries:   5\ncache hits:    100\n" \
	"acquisitions:  120\nreleases:      20\nevictions:     13\nmean age (ms): 1402\n"
#define CACHE_612                                                                       \
	"total inodes:  7\nhash buckets:  1024\nlru entries:   5\ncache hits:    100\n" \
	"acquisitions:  120\nallocations:   20\nreleases:      20\nevictions:     13\n" \
	"mean age (ms): -\n"

static void test_rpc(void **state)
{
	struct nfsd_stats s = {0};

	(void)state;
	nfsd_stats_parse_rpc(RPC PROC3 PROC4, &s);
	assert_true(s.has_rpc);
	assert_int_equal(s.all_threads, 8);
	assert_int_equal(s.packets, 52);
	assert_int_equal(s.connections, 5);
	assert_int_equal(s.calls, 52);
	assert_int_equal(s.v3_calls, 26);
	assert_int_equal(s.v4_calls, 30);
}

/* A kernel without NFSv3 or 4 omits their lines. */
static void test_rpc_part(void **state)
{
	struct nfsd_stats s = {0};

	(void)state;
	nfsd_stats_parse_rpc(RPC PROC4, &s);
	assert_true(s.has_rpc);
	assert_int_equal(s.v3_calls, 0);
	assert_int_equal(s.v4_calls, 30);
}

static const struct broken {
	const char *text;
} brokens[] = {{""},
               {"\n"},
               {"th"},
               {"th 8"},
               {"net 1 2 3 4\nrpc 1"},
               {"xnet 1 2 3 4\nxrpc 1\nxth 1\n"},
               {"thx 8\nnetx 1\nrpcx 1\n"}};

static void test_broken(void **state)
{
	const struct broken *row = *state;
	struct nfsd_stats s = {0};

	nfsd_stats_parse_rpc(row->text, &s);
	nfsd_stats_parse_pools(row->text, &s);
	nfsd_stats_parse_filecache(row->text, &s);
	nfsd_stats_parse_task(row->text, &s);
	assert_false(s.has_rpc || s.has_pools || s.has_filecache);
	assert_int_equal(s.tasks, 0);
}

static void test_pools(void **state)
{
	struct nfsd_stats s = {0};

	(void)state;
	nfsd_stats_parse_pools(HEAD "0 100 3 97 0\n1 50 2 40 7", &s);
	assert_true(s.has_pools);
	assert_int_equal(s.pools, 2);
	assert_int_equal(s.arrived, 150);
	assert_int_equal(s.enqueued, 5);
	assert_int_equal(s.woken, 137);
}

/* Measured on 6.12 with two clients: more is queued than arrives. */
static void test_pools_612(void **state)
{
	struct nfsd_stats s = {0};

	(void)state;
	nfsd_stats_parse_pools(HEAD "0 4947 10092 9434 0\n", &s);
	assert_int_equal(s.pools, 1);
	assert_int_equal(s.arrived, 4947);
	assert_int_equal(s.enqueued, 10092);
	assert_int_equal(s.woken, 9434);
}

static void test_filecache(void **state)
{
	static const char *const texts[] = {CACHE_61, CACHE_612};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct nfsd_stats s = {0};

		nfsd_stats_parse_filecache(texts[i], &s);
		assert_true(s.has_filecache);
		assert_int_equal(s.inodes, 7);
		assert_int_equal(s.lru, 5);
		assert_int_equal(s.hits, 100);
		assert_int_equal(s.acquisitions, 120);
	}
}

#define TASK(comm, state, parent)          \
	"812 (" comm ") " state " " parent \
	" 0 0 0 -1 2129984 0 0 0 0 3 7 0 0 20 0 1 0 918"

static const struct task {
	const char *text;
	unsigned tasks, running, blocked;
} tasks[] = {
	{TASK("nfsd", "S", "2"), 1, 0, 0},
	{TASK("nfsd", "R", "2"), 1, 1, 0},
	{TASK("nfsd", "D", "2"), 1, 0, 1},
	{TASK("nfsd", "I", "2"), 1, 0, 0},
	/* a program with the same name; others */
	{TASK("nfsd", "R", "1"), 0, 0, 0},
	{TASK("nfsd", "R", "22"), 0, 0, 0},
	{TASK("nfsd)", "R", "2"), 0, 0, 0},
	{TASK("nfsd4", "R", "2"), 0, 0, 0},
	{TASK("lockd", "R", "2"), 0, 0, 0},
	{TASK("", "R", "2"), 0, 0, 0},
	{"812 (nfsd) R 2 0", 0, 0, 0},
	{"812 )nfsd( R 2 0", 0, 0, 0},
};

static void test_task(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
		struct nfsd_stats s = {0};

		nfsd_stats_parse_task(tasks[i].text, &s);
		assert_int_equal(s.tasks, tasks[i].tasks);
		assert_int_equal(s.running, tasks[i].running);
		assert_int_equal(s.blocked, tasks[i].blocked);
		assert_int_equal(s.cpu_ms, tasks[i].tasks * 100);
	}
}

static void test_since(void **state)
{
	struct nfsd_stats before = {.arrived = 10, .enqueued = 9, .lru = 3},
			  now = {.arrived = 25, .enqueued = 4, .lru = 2};
	struct nfsd_stats since = nfsd_stats_since(&before, &now);

	(void)state;
	assert_int_equal(since.arrived, 15);
	assert_int_equal(since.enqueued, 4); /* the server was restarted */
	assert_int_equal(since.lru, 2);      /* not a counter */
}

static void test_read(void **state)
{
	struct nfsd_stats s;

	(void)state;
	tmproot_write("/proc/net/rpc/nfsd", RPC PROC3 PROC4);
	tmproot_write("/proc/fs/nfsd/threads", "8\n");
	tmproot_write("/proc/fs/nfsd/pool_stats", HEAD "0 100 3 97 0\n");
	tmproot_write("/proc/fs/nfsd/filecache", CACHE_612);
	tmproot_write("/proc/2/stat", "2 (kthreadd) S 0 0 0 0 -1 0 0 0 0 0 0 1 0 0 20");
	tmproot_write("/proc/812/stat", TASK("nfsd", "D", "2"));
	tmproot_write("/proc/net/tcp",
	              "  sl  local_address rem_address   st\n"
	              "   0: 0100007F:0801 0100007F:0302 01 00000000:00000000\n"
	              "   1: 00000000:0801 00000000:0000 0A 00000000:00000000\n");
	nfsd_stats_read(&tmproot.host, 8, &s);
	assert_true(s.has_rpc && s.has_pools && s.has_filecache && s.has_tasks);
	assert_int_equal(s.arrived, 100);
	assert_int_equal(s.blocked, 1);
	assert_true(s.has_open);
	assert_int_equal(s.open, 1);
	assert_int_equal(s.open_max, 0);
	tmproot.host.kernel = NUM_VERSION(6, 1);
	nfsd_stats_read(&tmproot.host, 8, &s);
	assert_int_equal(s.open_max, 220);
	tmproot_write("/proc/fs/nfsd/max_connections", "64\n");
	nfsd_stats_read(&tmproot.host, 8, &s);
	assert_int_equal(s.open_max, 64);
	assert_true(s.has_open_max);
	tmproot_remove("/proc/fs/nfsd/max_connections");
	tmproot_link("/proc/fs/nfsd/max_connections", "max_connections");
	nfsd_stats_read(&tmproot.host, 8, &s);
	assert_false(s.has_open_max);
	assert_int_equal(s.open_max, 0);
}

/* Unreadable values are unknown, not 0. */
static void test_read_nothing(void **state)
{
	struct nfsd_stats s;

	(void)state;
	nfsd_stats_read(&tmproot.host, 8, &s);
	assert_false(s.has_rpc || s.has_pools || s.has_filecache || s.has_tasks ||
	             s.has_open);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "rpc", test_rpc);
	suite_test(&s, "rpc of a kernel without NFSv3", test_rpc_part);
	suite_rows(&s, brokens, test_broken);
	suite_test(&s, "pools", test_pools);
	suite_test(&s, "pools, as measured", test_pools_612);
	suite_test(&s, "filecache", test_filecache);
	suite_test(&s, "tasks", test_task);
	suite_test(&s, "since", test_since);
	suite_test(&s, "read", test_read);
	suite_test(&s, "read without any files", test_read_nothing);
	return suite_run(&s);
}
