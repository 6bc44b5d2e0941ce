/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/num.h"
#include "host/facts.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

#define NFSD "/proc/fs/nfsd/"

/* Create a captured server: `threads` and `versions` as the kernel prints them. */
static void server(const char *threads, const char *versions)
{
	tmproot_write(NFSD "threads", threads);
	tmproot_write(NFSD "versions", versions);
}

/* What the kernel prints: it omits 4.0 while that is enabled. */
#define ALL_ON "+3 +4 +4.1 +4.2\n"
#define NEW_ON "-3 +4 -4.0 +4.1 +4.2\n"

#define TCP_HEAD "  sl  local_address rem_address   st tx_queue rx_queue\n"
#define NO_RPCBIND \
	TCP_HEAD   \
	"   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000\n"
#define RPCBIND  \
	TCP_HEAD \
	"   0: 00000000:006F 00000000:0000 0A 00000000:00000000 00:00000000 00000000\n"

static const struct observed {
	const char *name, *threads, *versions, *yaml, *reported;
	const char *tcp; /* NULL: the file is missing */
	const char *min_threads;
} observations[] = {
	/* threads NULL: the module is not loaded */
	{"absent, start false", NULL, NULL, "{threads: 8}",
         "skipped NfsdNotRunning now=NULL: no NFS server is running, and start is false",
         NULL, NULL},
	{"absent, start true", NULL, NULL, "{threads: 8, start: true}",
         "drift NotRunning now=NULL: is stopped, should run 8 threads", NULL, NULL},
	{"absent, start true, no rpcbind", NULL, NULL, "{threads: 8, start: true}",
         "failed NoRpcbind now=NULL: NFSv3 needs rpcbind, and rpcbind does not answer",
         NO_RPCBIND, NULL},
	{"absent, start true with version 4 only, no rpcbind", NULL, NULL,
         "{threads: 8, start: true, versions: [4.2]}",
         "drift NotRunning now=NULL: is stopped, should run 8 threads", NO_RPCBIND, NULL},
	{"stopped, start false", "0\n", ALL_ON, "{threads: 8}",
         "skipped NfsdNotRunning now=0: no NFS server is running, and start is false",
         NO_RPCBIND, NULL},
	{"stopped, start true", "0\n", ALL_ON, "{threads: 8, start: true}",
         "drift NotRunning now=0: is stopped, should run 8 threads", NULL, NULL},
	{"stopped, start true, no rpcbind", "0\n", ALL_ON, "{threads: 8, start: true}",
         "failed NoRpcbind now=0: NFSv3 needs rpcbind, and rpcbind does not answer",
         NO_RPCBIND, NULL},
	{"stopped, start true, rpcbind", "0\n", ALL_ON, "{threads: 8, start: true}",
         "drift NotRunning now=0: is stopped, should run 8 threads", RPCBIND, NULL},
	{"stopped, start true, version 3 is disabled, no rpcbind", "0\n", NEW_ON,
         "{threads: 8, start: true}",
         "drift NotRunning now=0: is stopped, should run 8 threads", NO_RPCBIND, NULL},
	{"stopped, start true, version 3 in the profile, no rpcbind", "0\n", NEW_ON,
         "{threads: 8, start: true, versions: [3, 4.2]}",
         "failed NoRpcbind now=0: NFSv3 needs rpcbind, and rpcbind does not answer",
         NO_RPCBIND, NULL},
	{"running, in sync", "8\n", ALL_ON, "{threads: 8}", "ok  now=8: ", NULL, NULL},
	{"running, in sync, start true, no rpcbind", "8\n", ALL_ON,
         "{threads: 8, start: true}", "ok  now=8: ", NO_RPCBIND, NULL},
	{"running with more", "64\n", ALL_ON, "{threads: 8}",
         "drift LiveDiffers now=64: threads is 64, should be 8", NULL, NULL},
	{"running with less, start true", "1\n", ALL_ON, "{threads: 8, start: true}",
         "drift LiveDiffers now=1: threads is 1, should be 8", NULL, NULL},
	{"other versions do not matter here", "8\n", ALL_ON,
         "{threads: 8, versions: [4.2]}", "ok  now=8: ", NULL, NULL},
	{"no number", "x\n", ALL_ON, "{threads: 8}",
         "failed NotReadable now=NULL: nfsd's threads: \"x\" is not a number", NULL,
         NULL},
	{"a minimum that is no number", "8\n", ALL_ON, "{threads: 8, min-threads: 2}",
         "failed NotReadable now=NULL: nfsd's min_threads: \"x\" is not a number", NULL,
         "x\n"},
	{"dynamic, all run", "8\n", ALL_ON, "{threads: 8, min-threads: 2}",
         "ok  now=8: ", NULL, "2\n"},
	{"dynamic, some idle", "3\n", ALL_ON, "{threads: 8, min-threads: 2}",
         "ok  now=3: ", NULL, "2\n"},
	{"dynamic, below the minimum", "1\n", ALL_ON, "{threads: 8, min-threads: 2}",
         "drift LiveDiffers now=1: threads is 1, should be 8", NULL, "2\n"},
	{"dynamic, too many", "9\n", ALL_ON, "{threads: 8, min-threads: 2}",
         "drift LiveDiffers now=9: threads is 9, should be 8", NULL, "2\n"},
	{"dynamic, not in the profile", "3\n", ALL_ON, "{threads: 8}",
         "ok  now=3: ", NULL, "2\n"},
	{"dynamic, another minimum", "3\n", ALL_ON, "{threads: 8, min-threads: 1}",
         "drift LiveDiffers now=3: min-threads is 2, should be 1", NULL, "2\n"},
	{"fixed, should be dynamic", "8\n", ALL_ON, "{threads: 8, min-threads: 2}",
         "drift LiveDiffers now=8: min-threads is 0, should be 2", NULL, "0\n"},
	{"a kernel without min-threads", "8\n", ALL_ON, "{threads: 8, min-threads: 2}",
         "ok  now=8: 8; this kernel never stops idle threads: min-threads has no effect",
         NULL, NULL},
	{"a kernel without min-threads, too few", "7\n", ALL_ON,
         "{threads: 8, min-threads: 2}",
         "drift LiveDiffers now=7: threads is 7, should be 8", NULL, NULL},
};

static const struct pools {
	const char *name, *threads, *pools, *yaml, *reported;
	const char *min_threads;
} pools_rows[] = {
	{"a thread for each pool", "4\n", "1 1 1 1\n", "{threads: 4}",
         "ok  now=4: ", NULL},
	{"fewer threads than pools", "3\n", "1 1 1 0\n", "{threads: 3}",
         "ok NfsdPools now=3: 1 of 4 pools without a thread: kernels before July 2026 do not "
         "answer clients whose packets arrive at their CPUs",
         NULL},
	{"as many, but not in each pool", "4\n", "4 0\n", "{threads: 4}",
         "drift LiveDiffers now=4: 1 of 2 pools without a thread, although 4 threads are enough "
         "for all",
         NULL},
	{"uneven, but in each pool", "4\n", "3 1\n", "{threads: 4}", "ok  now=4: ", NULL},
	{"another number", "9\n", "9 0\n", "{threads: 1}",
         "drift LiveDiffers now=9: threads is 9, should be 1", NULL},
	{"a kernel that stops idle threads", "8\n", "8 0\n",
         "{threads: 8, min-threads: 2}", "ok  now=8: ", "2\n"},
	{"one pool", "1\n", "1\n", "{threads: 1}", "ok  now=1: ", NULL},
};

static struct resource *nfsd(const char *yaml_text, struct diagnostics *diag)
{
	return resource_new(&kind_nfsd, keep_text(mem_format("nfsd: %s", yaml_text)),
	                    diag);
}

static void test_observe(void **state)
{
	const struct observed *row = *state;
	struct resource *r = nfsd(row->yaml, NULL);
	const char *before;

	if (row->threads)
		server(row->threads, row->versions);
	if (row->tcp)
		tmproot_write("/proc/net/tcp", row->tcp);
	if (row->min_threads)
		tmproot_write(NFSD "min_threads", row->min_threads);
	before = tmproot_snapshot();
	assert_string_equal(resource_reported(r), row->reported);
	assert_string_equal(resource_reported(r), row->reported);
	assert_string_equal(tmproot_snapshot(), before);
}

static void test_pools(void **state)
{
	const struct pools *row = *state;
	struct resource *r = nfsd(row->yaml, NULL);

	server(row->threads, ALL_ON);
	tmproot_write(NFSD "pool_threads", row->pools);
	if (row->min_threads)
		tmproot_write(NFSD "min_threads", row->min_threads);
	assert_string_equal(resource_reported(r), row->reported);
}

/* Pinning divides the threads anew. */
static void test_pools_pinned(void **state)
{
	struct resource *r = nfsd("{threads: 4}", NULL);
	struct err e;

	(void)state;
	server("4\n", ALL_ON);
	tmproot_write(NFSD "pool_threads", "4 0\n");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "pool_threads"), "2 2\n");
	assert_string_equal(resource_reported(r), "ok  now=4: ");
}

static const struct started {
	const char *yaml;
	int64_t cpus, nodes;
	const char *reported;
} started_rows[] = {
#define EMPTY \
	"without a thread: kernels before July 2026 do not answer clients whose packets arrive at their CPUs (set threads to "
	{"{threads: 4, pool-mode: percpu}", 8, 1,
         "1:1: warning: threads \"4\": pool-mode percpu makes 8 pools on this node, and 4 of them " EMPTY
         "8 or more, or `pool-mode: global`)\n"},
	{"{threads: 8, pool-mode: percpu}", 8, 1, ""},
	{"{threads: 1, pool-mode: pernode}", 8, 2,
         "1:1: warning: threads \"1\": pool-mode pernode makes 2 pools on this node, and 1 of them " EMPTY
         "2 or more, or `pool-mode: global`)\n"},
	{"{threads: 2, pool-mode: auto}", 3, 1,
         "1:1: warning: threads \"2\": pool-mode auto makes 3 pools on this node, and 1 of them " EMPTY
         "3 or more, or `pool-mode: global`)\n"},
	{"{threads: 1, pool-mode: auto}", 2, 1, ""},
	{"{threads: 2, pool-mode: auto}", 64, 2, ""},
	{"{threads: 1, pool-mode: global}", 64, 2, ""},
	{"{threads: 1}", 64, 2, ""},
	{"{threads: 1, pool-mode: percpu}", 0, 0, ""}, /* no facts */
};

static void test_started(void **state)
{
	const struct started *row = *state;
	struct host_size size = {.cpus = row->cpus, .numa_nodes = row->nodes};
	const struct host_facts facts = {.size = &size};
	struct diagnostics *diag = new_diagnostics();
	struct resource *r = nfsd(row->yaml, NULL);

	kind_nfsd.check_all(&r, 1, row->cpus ? &facts : NULL, diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
}

/* Linux 7.0 reports the requested number, however many threads run. */
static void test_asked_for(void **state)
{
	struct resource *r = nfsd("{threads: 8, min-threads: 2}", NULL);

	(void)state;
	tmproot.host.kernel = NUM_VERSION(7, 0);
	tmproot_write(NFSD "min_threads", "2\n");
	server("8\n", ALL_ON);
	assert_string_equal(resource_reported(r), "ok  now=8: ");
	server("3\n", ALL_ON);
	assert_string_equal(resource_reported(r),
	                    "drift LiveDiffers now=3: threads is 3, should be 8");
}

static void test_waits(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true}", NULL);

	(void)state;
	r->run.waits = r;
	assert_string_equal(resource_reported(r),
	                    "pending Waits now=NULL: the nfsd module is not loaded yet");
	/* with start false it does not wait */
	r = nfsd("{threads: 8}", NULL);
	r->run.waits = r;
	assert_part(resource_reported(r), "skipped NfsdNotRunning");
	server("0\n", ALL_ON);
	r = nfsd("{threads: 8, start: true}", NULL);
	r->run.waits = r;
	assert_part(resource_reported(r), "drift NotRunning");
}

/* What would be changed before the server starts, such as a drive, is not changed. */
static void test_no_module(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true}", NULL);

	(void)state;
	tmproot_write("/lib/modules/6.12.0-test/modules.dep", "kernel/fs/xfs/xfs.ko:\n");
	assert_string_equal(
		resource_reported(r),
		"failed ModuleMissing now=NULL: this kernel has no module \"nfsd\"");
	tmproot_write("/lib/modules/6.12.0-test/modules.dep",
	              "kernel/fs/nfsd/nfsd.ko:\n");
	assert_part(resource_reported(r), "drift NotRunning ");
	tmproot_write("/proc/sys/kernel/modules_disabled", "1\n");
	assert_string_equal(resource_reported(r),
	                    "failed Failed now=NULL: the module nfsd is not loaded, and "
	                    "kernel.modules_disabled forbids loading it");
	tmproot_remove("/proc/sys/kernel/modules_disabled");
	tmproot_remove("/lib/modules/6.12.0-test/modules.dep");
	tmproot_write("/lib/modules/6.12.0-test/modules.dep", "kernel/fs/xfs/xfs.ko:\n");
	r = nfsd("{threads: 8}", NULL);
	assert_part(resource_reported(r), "skipped NfsdNotRunning ");
}

static const struct bad {
	const char *yaml, *reported; /* after "nfsd: " */
} bads[] = {
	{"{}", "1:7: threads: is missing\n"},
	{"{threads: 0}", "1:17: threads \"0\": out of range (1 to 8192)\n"},
	{"{threads: 8193}", "1:17: threads \"8193\": out of range (1 to 8192)\n"},
	{"{threads: = cpus}", "1:17: threads \"= cpus\": should be a whole number\n"},
	{"{threads: [8]}",
         "1:17: threads: is a list, should be a whole number (write \"threads: 8\")\n"},
	{"{threads: 8, start: yes}", "1:27: start \"yes\": should be true or false\n"},
	{"{threads: 8, min-threads: 0}",
         "1:33: min-threads \"0\": out of range (1 to 8192)\n"},
	{"{threads: 8, min-threads: 9}",
         "1:33: min-threads \"9\": must not exceed threads (8)\n"},
};

static void test_bad(void **state)
{
	const struct bad *row = *state;
	struct diagnostics *diag = new_diagnostics();

	(void)nfsd(row->yaml, diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
}

static void test_set_threads(void **state)
{
	struct resource *r = nfsd("{threads: 32}", NULL);
	struct err e;

	(void)state;
	server("64\n", ALL_ON);
	resource_observe(r);
	assert_string_equal(r->run.change.remedy, "rpc.nfsd 32");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "32\n");
	/* apply does not change the versions and pools of a running server */
	assert_string_equal(tmproot_read(NFSD "versions"), ALL_ON);
	assert_string_equal(resource_reported(r), "ok  now=32: ");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "64\n");
}

/* Pools get equal shares. This file, unlike threads, never starts a server. */
static void test_set_threads_pools(void **state)
{
	struct resource *r = nfsd("{threads: 7}", NULL);
	struct err e;

	(void)state;
	server("64\n", ALL_ON);
	tmproot_write(NFSD "pool_threads", "16 16 16 16\n");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "pool_threads"), "2 2 2 1\n");
	assert_string_equal(tmproot_read(NFSD "threads"), "64\n");
}

/* A server that stopped since observe is not started, and its revert succeeds. */
static void test_set_threads_stopped(void **state)
{
	struct resource *r = nfsd("{threads: 32}", NULL);
	struct err e;

	(void)state;
	server("64\n", ALL_ON);
	resource_observe(r);
	tmproot_write(NFSD "threads", "0\n");
	assert_int_equal(resource_apply(r, NULL, &e), -ESRCH);
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
}

static void test_start(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true}", NULL);
	struct err e;

	(void)state;
	server("0\n", ALL_ON);
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "8\n");
	assert_string_equal(tmproot_read(NFSD "versions"), ALL_ON);
	assert_string_equal(resource_reported(r), "ok  now=8: ");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
}

static void test_start_unread(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true}", NULL);
	struct err e;

	(void)state;
	server("0\n", ALL_ON);
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "8\n");
	/* whether it runs is unknown, and hosttune started it */
	tmproot_write(NFSD "threads", "x\n");
	assert_part(resource_reported(r), "failed NotReadable");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
}

/* A start that failed leaves no server: if one runs all the same is unknown. */
static void test_start_failed(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true}", NULL);
	struct err e;

	(void)state;
	server("0\n", ALL_ON);
	resource_observe(r);
	tmproot_protect(NFSD "threads");
	assert_int_equal(resource_apply(r, NULL, &e), -ELOOP);
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	tmproot_write(NFSD "threads.real", "x\n");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), -EIO);
	assert_string_equal(tmproot_read(NFSD "threads"), "x\n");
}

static void test_refused(void **state)
{
	struct resource *r = nfsd("{threads: 8}", NULL);
	enum reason reason;
	struct err e;

	(void)state;
	server("64\n", ALL_ON);
	tmproot_protect(NFSD "threads");
	resource_observe(r);
	assert_int_equal(resource_apply(r, &reason, &e), -ELOOP);
	assert_int_equal(reason, REASON_REFUSED_BY_KERNEL);
	assert_part(e.text, "open /proc/fs/nfsd/threads: ");
	assert_part(resource_reported(r), "now=64");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, observations, test_observe);
	suite_rows(&s, pools_rows, test_pools);
	suite_test(&s, "as many, but not in each pool: pinned", test_pools_pinned);
	suite_rows(&s, started_rows, test_started);
	suite_test(&s, "a minimum, and the requested number", test_asked_for);
	suite_test(&s, "waits for the module", test_waits);
	suite_test(&s, "no module", test_no_module);
	suite_rows(&s, bads, test_bad);
	suite_test(&s, "pin the threads of a running server", test_set_threads);
	suite_test(&s, "pin the threads of several pools", test_set_threads_pools);
	suite_test(&s, "pin a server that stopped", test_set_threads_stopped);
	suite_test(&s, "start a stopped server", test_start);
	suite_test(&s, "start a server, and it cannot be read", test_start_unread);
	suite_test(&s, "a start that fails", test_start_failed);
	suite_test(&s, "refused", test_refused);
	return suite_run(&s);
}
