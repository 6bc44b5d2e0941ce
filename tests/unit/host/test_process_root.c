/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/namespace/netns.h"
#include "host/namespace/process_root.h"
#include "host/open.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct host host;
static struct host_netns_list list;
static struct host_process_roots roots;
static pid_t pod;

static int setup(void **state)
{
	struct err e;
	int r = tmproot_setup(state);

	pod = 0;
	return r == 0 ? host_open(&host, "/", &e) : r;
}

static int teardown(void **state)
{
	if (pod > 0) {
		(void)kill(pod, SIGKILL);
		(void)waitpid(pod, NULL, 0);
	}
	host_process_roots_done(&roots);
	host_netns_list_done(&list);
	host_close(&host);
	return tmproot_teardown(state);
}

/* A process in its own namespaces, with another root; skips without permission. */
static void start_pod(void)
{
	int ends[2];
	char done = 0;

	assert_int_equal(pipe(ends), 0);
	pod = fork();
	if (pod == 0) {
		done = unshare(CLONE_NEWNET | CLONE_NEWNS) == 0 &&
		       chroot(tmproot.path) == 0 && chdir("/") == 0;
		(void)!write(ends[1], &done, 1);
		(void)pause();
		_exit(0);
	}
	(void)close(ends[1]);
	if (read(ends[0], &done, 1) != 1 || !done) {
		(void)close(ends[0]);
		skip();
	}
	(void)close(ends[0]);
}

static const struct host_netns *netns_of_pod(void)
{
	_free_ char *path = mem_format("/proc/%d/ns/net", pod);
	struct stat st;
	struct err e;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(host_netns_list(&host, &list, &e), 0);
	return host_netns_find(&list, st.st_dev, st.st_ino);
}

static int open_of_pod(const char *path)
{
	struct err e;
	int fd = host_process_open(&host, pod, path, 0, &e);

	if (fd >= 0)
		(void)close(fd);
	return fd < 0 ? fd : 0;
}

static void test_pod(void **state)
{
	struct err e;
	char text[8] = "";
	int fd;

	(void)state;
	tmproot_write("/etc/exports", "inside\n");
	tmproot_link("/etc/absolute", "/etc/exports");
	tmproot_link("/etc/out", "../../../../etc/passwd-is-not-here");
	tmproot_dir("/etc/exports.d");
	start_pod();
	assert_int_equal(host_process_roots(&host, netns_of_pod(), "x", &roots, &e), 0);
	assert_int_equal(roots.n, 1);
	assert_int_equal(roots.list[0].pid, pod);
	assert_false(roots.list[0].hosts);

	fd = host_process_open(&host, pod, "/etc/exports", 0, &e);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, text, sizeof(text) - 1), 7);
	(void)close(fd);
	assert_string_equal(text, "inside\n");
	assert_int_equal(open_of_pod("/etc/absolute"), 0);
	assert_int_equal(open_of_pod("/etc/exports.d"), 0);
	assert_int_equal(open_of_pod("/etc/out"), -ENOENT);
	assert_int_equal(open_of_pod("/etc/none"), -ENOENT);
}

/* Neither a FIFO, which would block, nor a device may be opened for its content. */
static void test_no_file(void **state)
{
	_free_ char *fifo = mem_format("%s/fifo", tmproot.path);

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	start_pod();
	assert_int_equal(open_of_pod("/fifo"), -ENXIO);
}

static void test_gone(void **state)
{
	(void)state;
	start_pod();
	(void)kill(pod, SIGKILL);
	(void)waitpid(pod, NULL, 0);
	assert_true(open_of_pod("/etc/exports") < 0);
	pod = 0;
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "a pod", test_pod);
	suite_test(&s, "no file", test_no_file);
	suite_test(&s, "gone", test_gone);
	return suite_run(&s);
}
