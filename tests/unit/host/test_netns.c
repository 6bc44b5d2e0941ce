/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "host/file.h"
#include "host/namespace/netns.h"
#include "host/net_driver.h"
#include "host/net_statistics.h"
#include "host/open.h"
#include "host/own_netns.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONG_MS 20000

static struct host host;
static struct host_netns_list list;
static pid_t pod;

static int setup(void **state)
{
	struct err e;

	(void)state;
	pod = 0;
	return host_open(&host, "/", &e);
}

static void end_pod(void)
{
	if (pod > 0) {
		(void)kill(pod, SIGKILL);
		(void)waitpid(pod, NULL, 0);
	}
	pod = 0;
}

static int teardown(void **state)
{
	(void)state;
	end_pod();
	host_netns_list_done(&list);
	host_close(&host);
	return 0;
}

/* A process in its own network namespace; skips the test without the permission. */
static void start_pod(void)
{
	int ends[2];
	char done = 0;

	assert_int_equal(pipe(ends), 0);
	pod = fork();
	if (pod == 0) {
		done = unshare(CLONE_NEWNET) == 0;
		(void)!write(ends[1], &done, 1);
		(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ends[0], &done, 1), 1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	if (!done)
		skip();
}

static struct stat netns_of(int pid)
{
	_free_ char *path = mem_format("/proc/%d/ns/net", pid);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st;
}

static void read_list(void)
{
	struct err e = {0};

	assert_int_equal(host_netns_list(&host, &list, &e), 0);
	assert_string_equal(e.text, "");
}

static void test_own(void **state)
{
	struct stat own = netns_of(getpid());

	(void)state;
	read_list();
	assert_true(list.n >= 1);
	assert_int_equal(list.list[0].ino, own.st_ino);
	assert_int_equal(list.list[0].dev, own.st_dev);
	assert_int_equal(list.list[0].pid, getpid());
	assert_string_equal(list.list[0].name, "test_netns");
	for (size_t i = 1; i < list.n; i++) {
		const struct host_netns *ns = &list.list[i];

		/* each once */
		assert_ptr_equal(host_netns_find(&list, ns->dev, ns->ino), ns);
	}
	assert_null(host_netns_find(&list, own.st_dev + 1, own.st_ino));
}

static bool lists_own_first(void)
{
	struct stat own;
	struct err e;

	return unshare(CLONE_NEWNET) == 0 &&
	       stat("/proc/thread-self/ns/net", &own) == 0 &&
	       host_netns_list(&host, &list, &e) == 0 && list.n > 1 &&
	       list.list[0].ino == own.st_ino && list.list[0].dev == own.st_dev &&
	       host_netns_is_own(&list.list[0]) && !host_netns_is_own(&list.list[1]);
}

/* Its number, 1, is that of another process in the host's /proc. */
static void test_other_pids(void **state)
{
	int status = 0;
	pid_t child;

	(void)state;
	child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWPID) < 0)
			_exit(2);
		child = fork();
		if (child == 0)
			_exit(getpid() == 1 && lists_own_first() ? 0 : 1);
		(void)waitpid(child, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 2)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int look(void *arg, char *text, struct err *e)
{
	struct stat st;

	(void)text;
	if (stat("/proc/self/ns/net", &st) < 0)
		return err_errno(e, errno, "stat");
	return st.st_ino == *(const ino_t *)arg ? 0 : err_set(e, -EXDEV, "elsewhere");
}

static void test_enter(void **state)
{
	const struct host_netns *ns;
	struct err e = {0};
	struct stat there;
	int fd;

	(void)state;
	start_pod();
	there = netns_of(pod);
	assert_int_not_equal(there.st_ino, netns_of(getpid()).st_ino);
	read_list();
	ns = host_netns_find(&list, there.st_dev, there.st_ino);
	assert_non_null(ns);
	assert_int_equal(ns->pid, pod);
	fd = host_netns_open(&host, ns, &e);
	assert_true(fd >= 0);
	assert_int_equal(host_netns_call(&host, fd, LONG_MS, look, &there.st_ino, &e), 0);
	assert_string_equal(e.text, "");
	/* only the child entered it */
	assert_int_not_equal(there.st_ino, netns_of(getpid()).st_ino);
	(void)close(fd);
}

static int ask_whose(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)text;
	return host_netns_is_hosts(&host, e) == 0 &&
	                       host_netns_check(&host, e) == -ENODATA
	               ? 0
	               : err_set(e, -EXDEV, "is that of process 1");
}

/* Also without the right to inspect process 1, which most containers lack. */
static void test_whose(void **state)
{
	const struct host_netns *ns;
	struct err e = {0};
	struct stat there;
	int fd;

	(void)state;
	assert_true(host_netns_is_hosts(&host, &e) >= 0);
	start_pod();
	there = netns_of(pod);
	read_list();
	ns = host_netns_find(&list, there.st_dev, there.st_ino);
	fd = host_netns_open(&host, ns, &e);
	assert_true(fd >= 0);
	assert_int_equal(host_netns_call(&host, fd, LONG_MS, ask_whose, NULL, &e), 0);
	(void)close(fd);
}

#define KEY "/proc/sys/net/core/somaxconn"

/* Return: 0 if nothing of this namespace is read, or written, as that of the host. */
static int look_at_network(void *arg, char *text, struct err *e)
{
	_net_statistics_ struct net_statistics statistics = {0};
	_net_driver_ struct net_driver driver = {0};
	_free_ char *path = NULL, *value = NULL;
	_cleanup_(names_freep) char **names = NULL;
	struct host inside;
	struct stat st;
	int r = host_open(&inside, "/", e);

	(void)arg;
	(void)text;
	path = host_netns_file(&inside, "snmp");
	if (r == 0 && (host_file_read(&inside, KEY, 100, &value, e) != -EREMOTE ||
	               host_file_write(&inside, KEY, "100", e) != -EREMOTE ||
	               host_file_stat(&inside, KEY, &st, e) != -EREMOTE ||
	               host_file_list(&inside, "/proc/sys/net", &names, e) != -EREMOTE ||
	               host_net_driver(&inside, "lo", &driver, e) != -ENODATA ||
	               host_net_statistics(&inside, "lo", &statistics, e) != -ENODATA ||
	               strcmp(path, "/proc/1/net/snmp") != 0))
		r = err_set(e, -EXDEV, "is that of the host: %s", path);
	host_close(&inside);
	return r;
}

static void test_network_of_pod(void **state)
{
	_free_ char *value = NULL, *path = host_netns_file(&host, "snmp");
	struct err e = {0};
	struct stat there;
	int fd;

	(void)state;
	/* who builds packages may do so in a network namespace, too */
	assert_int_equal(host_file_read(&host, KEY, 100, &value, &e),
	                 host.other_netns ? -EREMOTE : 0);
	assert_string_equal(path, host.other_netns ? "/proc/1/net/snmp"
	                                           : "/proc/thread-self/net/snmp");
	start_pod();
	there = netns_of(pod);
	read_list();
	fd = host_netns_open(&host, host_netns_find(&list, there.st_dev, there.st_ino),
	                     &e);
	assert_true(fd >= 0);
	assert_int_equal(host_netns_call(&host, fd, LONG_MS, look_at_network, NULL, &e),
	                 0);
	(void)close(fd);
}

/* What a bundle has of the network, collected there, is not that of the host. */
static void test_bundle_of_pod(void **state)
{
	_bundle_ struct bundle *b = bundle_new();
	struct host back, in_pod = {.root = (char[]){""},
	                            .release = (char[]){"6.1.0"},
	                            .live = true,
	                            .other_netns = true,
	                            .record = b};
	_cleanup_(names_freep) char **names = NULL;
	_free_ char *value = NULL;
	struct err e = {0};
	struct stat st;

	(void)state;
	bundle_add(b, KEY, mem_dup("4096\n"), 5);
	bundle_add(b, "/proc/sys/vm/swappiness", mem_dup("60\n"), 3);
	host_describe(&in_pod);
	assert_int_equal(host_open_bundle(&back, b, &e), 0);
	assert_int_equal(host_netns_is_hosts(&back, &e), 0);
	assert_int_equal(host_file_read(&back, KEY, 100, &value, &e), -EREMOTE);
	assert_part(e.text, "not in the host's network namespace");
	assert_int_equal(host_file_stat(&back, KEY, &st, &e), -EREMOTE);
	assert_int_equal(host_file_open(&back, KEY, O_RDONLY, &e), -EREMOTE);
	assert_int_equal(host_file_list(&back, "/proc/sys/net", &names, &e), -EREMOTE);
	assert_int_equal(
		host_file_read(&back, "/proc/sys/vm/swappiness", 100, &value, &e), 0);
	back.bundle = NULL;
	host_close(&back);
}

/* A process 1 that cannot be found does not make any namespace the host's. */
static void test_unknown(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(tmproot_setup(state), 0);
	tmproot.host.live = true;
	assert_int_equal(host_netns_is_hosts(&tmproot.host, &e), -ENOENT);
	assert_int_equal(host_netns_check(&tmproot.host, &e), -ENOENT);
	assert_part(e.text, "find the host's network namespace");
	tmproot.host.live = false;
	assert_int_equal(tmproot_teardown(state), 0);
}

static void test_gone(void **state)
{
	struct host_netns ns;
	struct err e = {0};
	struct stat there;

	(void)state;
	start_pod();
	there = netns_of(pod);
	read_list();
	ns = *host_netns_find(&list, there.st_dev, there.st_ino);
	end_pod();
	assert_int_equal(host_netns_open(&host, &ns, &e), -ENOENT);
	/* its process ID now belongs to another process */
	ns.pid = getpid();
	assert_int_equal(host_netns_open(&host, &ns, &e), -ENOENT);
	assert_part(e.text, "the network namespace is gone");
	/* and a file that is not a namespace */
	ns.path = (char[]){"/proc/self/stat"};
	assert_int_equal(host_netns_open(&host, &ns, &e), -ENOENT);
}

/* What is gone is skipped; what cannot be inspected is noted. */
static void test_unseen(void **state)
{
	(void)state;
	assert_int_equal(tmproot_setup(state), 0);
	tmproot.host.live = true;
	tmproot_write("/proc/1/mountinfo",
	              "30 1 0:4 net:[1] /run/gone rw - nsfs nsfs rw\n"
	              "31 1 0:4 net:[2] /run/file rw - nsfs nsfs rw\n");
	tmproot_write("/run/file", "no namespace");
	host_netns_list_mounted(&tmproot.host, &list);
	assert_null(list.unseen.failure);
	assert_null(host_unseen_text(&list.unseen));
	host_unseen_process(&list.unseen, ESRCH, "7/ns/net");
	assert_null(host_unseen_text(&list.unseen));
	host_unseen_process(&list.unseen, EPERM, "7/ns/net");
	host_unseen_process(&list.unseen, EACCES, "8/ns/net");
	assert_string_equal(keep_text(host_unseen_text(&list.unseen)),
	                    "2 processes may not be inspected (run as root)");
	tmproot_write("/proc/1/mountinfo",
	              "30 1 0:4 net:[1] /run/loop rw - nsfs nsfs rw\n");
	tmproot_link("/run/loop", "loop");
	host_netns_list_mounted(&tmproot.host, &list);
	assert_part(list.unseen.failure, "/run/loop: Too many levels of symbolic links");
	host_unseen_process(&list.unseen, EIO, "7/ns/net");
	assert_part(keep_text(host_unseen_text(&list.unseen)), "/run/loop: Too many");
	host_netns_list_done(&list);
	host_unseen_process(&list.unseen, EIO, "7/ns/net");
	assert_string_equal(list.unseen.failure,
	                    "inspect /proc/7/ns/net: Input/output error");
	host_netns_list_done(&list);
	tmproot_remove("/proc/1/mountinfo");
	host_netns_list_mounted(&tmproot.host, &list);
	assert_part(list.unseen.failure, "/proc/1/mountinfo: No such file");
	tmproot.host.live = false;
	assert_int_equal(tmproot_teardown(state), 0);
}

static void test_captured(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(tmproot_setup(state), 0);
	tmproot_dir("/proc/1/ns");
	assert_int_equal(host_netns_list(&tmproot.host, &list, &e), -ENOTSUP);
	assert_int_equal(host_netns_is_hosts(&tmproot.host, &e), 1);
	assert_int_equal(host_netns_check(&tmproot.host, &e), 0);
	assert_int_equal(tmproot_teardown(state), 0);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "our own comes first, each once", test_own);
	suite_test(&s, "our own, from another PID namespace", test_other_pids);
	suite_test(&s, "what cannot be inspected", test_unseen);
	suite_test(&s, "entering another", test_enter);
	suite_test(&s, "one that is gone", test_gone);
	suite_test(&s, "whose it is", test_whose);
	suite_test(&s, "nothing of a pod's network is the host's", test_network_of_pod);
	suite_test(&s, "nor of a bundle from there", test_bundle_of_pod);
	suite_test(&s, "whose it is, unknown", test_unknown);
	suite_test(&s, "a captured tree has none", test_captured);
	return suite_run(&s);
}
