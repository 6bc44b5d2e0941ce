/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Kernel threads, and the NFS server, on a captured root. */
#include "diagnose/counters/counters.h"
#include "measured.h"
#include "test.h"
#include "tmproot.h"

#define STAT(pid, name, state, ticks, start)                             \
	pid " (" name ") " state " 2 0 0 0 -1 69238880 0 0 0 0 0 " ticks \
	    " 0 0 20 0 1 0 " start " 0 0\n"

static void test_tasks(void **state)
{
	void *first;

	(void)state;
	tmproot_write("/proc/2/stat", STAT("2", "kthreadd", "S", "0", "0"));
	tmproot_write("/proc/10/stat", STAT("10", "nfsd", "D", "5", "100"));
	tmproot_write("/proc/11/stat", STAT("11", "nfsd", "D", "5", "100"));
	tmproot_write("/proc/12/stat", STAT("12", "nfsd", "S", "5", "100"));
	tmproot_write("/proc/10/wchan", "rq_qos_wait");
	first = source_tasks.begin(&measured_run);
	/* 11 ran meanwhile, 12 began to wait, 13 is new */
	tmproot_write("/proc/11/stat", STAT("11", "nfsd", "D", "9", "100"));
	tmproot_write("/proc/12/stat", STAT("12", "nfsd", "D", "5", "100"));
	tmproot_write("/proc/13/stat", STAT("13", "kswapd0", "R", "5", "100"));
	source_tasks.end(&measured_run, first);
	assert_measured("waiting", "1");
	assert_measured("waiting_in", "1 nfsd in rq_qos_wait");
	assert_string_equal(measured_value(&measured_run, "tasks_count", "nfsd"), "3");
	assert_string_equal(measured_value(&measured_run, "tasks_waiting", "nfsd"), "1");
	assert_string_equal(measured_value(&measured_run, "tasks_wchan", "nfsd"),
	                    "rq_qos_wait");
	assert_string_equal(measured_value(&measured_run, "tasks_running", "kswapd"),
	                    "1");
}

/* 100 s of CPU time in 1000 s. */
static void test_tasks_since_boot(void **state)
{
	(void)state;
	tmproot_write("/proc/uptime", "1001.00 0\n");
	tmproot_write("/proc/13/stat", STAT("13", "kswapd0", "D", "10000", "100"));
	source_tasks.end(&measured_run, NULL);
	assert_measured("waiting", "1");
	assert_measured("waiting_in", "1 kswapd0 in an unknown place");
	assert_part(measured_value(&measured_run, "tasks_kind", ""),
	            "absent: /proc: shows no kernel threads");
	measures_done(&measured_run.measures);
	tmproot_write("/proc/2/stat", STAT("2", "kthreadd", "S", "0", "0"));
	source_tasks.end(&measured_run, NULL);
	assert_string_equal(measured_value(&measured_run, "tasks_top", "kswapd"), "10 %");
	assert_string_equal(measured_value(&measured_run, "tasks_top_name", "kswapd"),
	                    "kswapd0");
}

#define NFSD "/proc/fs/nfsd/"

static void write_server(const char *rpc, const char *pools)
{
	tmproot_write(NFSD "threads", "2\n");
	tmproot_write(NFSD "pool_threads", "2\n");
	tmproot_write(NFSD "versions", "+3 +4 +4.1 +4.2\n");
	tmproot_write("/proc/net/rpc/nfsd", rpc);
	tmproot_write(NFSD "pool_stats", pools);
}

#define RPC(hits, misses, v3)                                             \
	"rc " hits " " misses " 40\nfh 0 0 0 0 0\nio 4096 8192\nth 2 0\n" \
	"net 52 3 49 5\nrpc 52 1 0 1 0\nproc3 2 2 " v3 "\nproc4 2 1 30\n"
#define POOL(queued, woken)                                                     \
	"# pool packets-arrived sockets-enqueued threads-woken\n0 5000 " queued \
	" " woken " 0\n"

static void test_server(void **state)
{
	void *first;

	(void)state;
	write_server(RPC("5", "100", "10"), POOL("100", "90"));
	first = source_nfsd.begin(&measured_run);
	write_server(RPC("8", "200", "70"), POOL("1100", "590"));
	source_nfsd.end(&measured_run, first);
	assert_string_equal(measured_value(&measured_run, "nfs_threads", ""), "2");
	assert_string_equal(measured_value(&measured_run, "nfs_v3_calls", ""), "60");
	assert_string_equal(measured_value(&measured_run, "nfs_v4_calls", ""), "0");
	assert_string_equal(measured_value(&measured_run, "nfs_queued", ""), "1000");
	assert_string_equal(measured_value(&measured_run, "nfs_waited", ""), "500");
	assert_string_equal(measured_value(&measured_run, "nfs_replays", ""), "3");
	assert_string_equal(measured_value(&measured_run, "nfs_replayable", ""), "103");
	assert_part(measured_value(&measured_run, "nfs_open_files", ""),
	            "absent: /proc/fs/nfsd/filecache");
	assert_string_equal(measured_value(&measured_run, "nfs_connections_max", ""),
	                    "0");
}

/* Started between the readings: it counts from 0. */
static void test_server_started(void **state)
{
	void *first = source_nfsd.begin(&measured_run);

	(void)state;
	write_server(RPC("8", "200", "70"), POOL("1100", "590"));
	source_nfsd.end(&measured_run, first);
	assert_string_equal(measured_value(&measured_run, "nfs_queued", ""), "1100");
}

static void test_no_server(void **state)
{
	(void)state;
	source_nfsd.end(&measured_run, NULL);
	write_server("", "");
	tmproot_write(NFSD "threads", "0\n");
	source_nfsd.end(&measured_run, NULL);
	assert_int_equal(measured_run.measures.n, 2);
	assert_measured("nfs_server", "false");
}

int main(void)
{
	static struct suite s;

	suite_fixture(measured_setup, measured_teardown);
	suite_test(&s, "tasks", test_tasks);
	suite_test(&s, "tasks since boot", test_tasks_since_boot);
	suite_test(&s, "an NFS server", test_server);
	suite_test(&s, "an NFS server that started", test_server_started);
	suite_test(&s, "no NFS server", test_no_server);
	return suite_run(&s);
}
