/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "nfsd/tasks.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

static struct nfsd_tasks tasks;

static int teardown(void **state)
{
	nfsd_tasks_done(&tasks);
	return tmproot_teardown(state);
}

static void set_count(unsigned n)
{
	_free_ char *text = mem_format("rc 0 0 0\nfh 0 0 0 0 0\nio 0 0\nth %u 0 0.000\n"
	                               "ra 0\nnet 0 0 0 0\n",
	                               n);

	tmproot_write("/proc/self/net/rpc/nfsd", text);
}

static void set_stat(int pid, const char *rest)
{
	_free_ char *path = mem_format("/proc/%d/stat", pid);
	_free_ char *text = mem_format("%d %s", pid, rest);

	tmproot_write(path, text);
}

static void remove_dir(const char *path)
{
	_free_ char *full = mem_format("%s%s", tmproot.path, path);

	assert_int_equal(rmdir(full), 0);
}

static void make(unsigned n)
{
	tmproot_link("/proc/net", "self/net");
	set_count(n);
	for (unsigned i = 0; i < n; i++)
		set_stat(165 + (int)i, "(nfsd) S 2 0 0 0 -1 2129984 0");
	set_stat(1, "(systemd) S 0 1 1 0 -1 4194560 0");
	set_stat(2, "(kthreadd) S 0 0 0 0 -1 2129984 0");
	set_stat(99, "(nfsdcld) S 2 99 99 0 -1 0 0");
	/* processes that only use the name */
	set_stat(300, "(nfsd) S 1 300 300 0 -1 4194560 0");
	set_stat(301, "(nfsd) S 20 300 300 0 -1 4194560 0");
}

static void read_tasks(void)
{
	struct err e = {0};

	assert_int_equal(nfsd_tasks_read(&tmproot.host, &tasks, &e), 0);
	assert_string_equal(e.text, "");
}

static void test_changes(void **state)
{
	(void)state;
	make(3);
	read_tasks();
	assert_int_equal(tasks.count, 3);
	assert_int_equal(tasks.n, 3);
	assert_int_equal(tasks.pids[0], 165);
	assert_int_equal(tasks.pids[2], 167);
	assert_true(nfsd_tasks_same(&tmproot.host, &tasks));
	set_count(4);
	assert_false(nfsd_tasks_same(&tmproot.host, &tasks));
	/* the same number, but one is another thread */
	set_count(3);
	tmproot_remove("/proc/166/stat");
	remove_dir("/proc/166");
	set_stat(168, "(nfsd) S 2 0 0 0 -1 2129984 0");
	assert_false(nfsd_tasks_same(&tmproot.host, &tasks));
}

static void test_none(void **state)
{
	(void)state;
	/* the module is not loaded */
	tmproot_link("/proc/net", "self/net");
	tmproot_dir("/proc/self/net/rpc");
	read_tasks();
	assert_int_equal(tasks.count, 0);
	assert_true(nfsd_tasks_same(&tmproot.host, &tasks));
	/* it is loaded, and no server is running */
	set_count(0);
	assert_true(nfsd_tasks_same(&tmproot.host, &tasks));
	set_count(1);
	assert_false(nfsd_tasks_same(&tmproot.host, &tasks));
}

/* In another PID namespace: only the number is known. */
static void test_unseen(void **state)
{
	(void)state;
	make(0);
	set_count(8);
	read_tasks();
	assert_int_equal(tasks.count, 8);
	assert_int_equal(tasks.n, 0);
	assert_true(nfsd_tasks_same(&tmproot.host, &tasks));
	set_count(9);
	assert_false(nfsd_tasks_same(&tmproot.host, &tasks));
}

static void test_bad(void **state)
{
	struct err e;
	unsigned n;

	(void)state;
	make(0);
	tmproot_write("/proc/self/net/rpc/nfsd", "rc 0 0 0\n");
	assert_int_equal(nfsd_tasks_count(&tmproot.host, &n, &e), -EPROTO);
	assert_false(nfsd_tasks_same(&tmproot.host, &tasks));
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, teardown);
	suite_test(&s, "any change is detected", test_changes);
	suite_test(&s, "no server", test_none);
	suite_test(&s, "threads that are not visible", test_unseen);
	suite_test(&s, "an invalid file", test_bad);
	return suite_run(&s);
}
