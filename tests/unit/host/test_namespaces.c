/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Sysctls that differ between namespaces: those of another one are not the host's. */
#include "base/mem.h"
#include "base/num.h"
#include "bundle/bundle.h"
#include "host/file.h"
#include "host/open.h"
#include "host/own_namespaces.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYS "/proc/sys/"

/* The kernel's list: ipc_kern_table, mq_sysctls, uts_kern_table, user_table, pid_ns. */
static const struct row {
	const char *key;
	const char *ns; /* file of /proc/self/ns; NULL: one value for the machine */
	unsigned since;
} rows[] = {
	{"kernel/sem", "ipc", 0},
	{"kernel/sem_next_id", "ipc", 0},
	{"kernel/shmmax", "ipc", 0},
	{"kernel/shmall", "ipc", 0},
	{"kernel/shmmni", "ipc", 0},
	{"kernel/shm_rmid_forced", "ipc", 0},
	{"kernel/shm_next_id", "ipc", 0},
	{"kernel/msgmax", "ipc", 0},
	{"kernel/msgmnb", "ipc", 0},
	{"kernel/msgmni", "ipc", 0},
	{"kernel/msg_next_id", "ipc", 0},
	{"kernel/auto_msgmni", "ipc", 0},
	{"fs/mqueue/queues_max", "ipc", 0},
	{"fs/mqueue/msg_max", "ipc", 0},
	{"kernel/hostname", "uts", 0},
	{"kernel/domainname", "uts", 0},
	{"user/max_user_namespaces", "user", 0},
	{"user/max_inotify_watches", "user", 0},
	{"kernel/ns_last_pid", "pid", 0},
	{"kernel/pid_max", "pid", NUM_VERSION(6, 14)},
	{"vm/memfd_noexec", "pid", 0},
	{"kernel/osrelease", NULL, 0},
	{"kernel/randomize_va_space", NULL, 0},
	{"kernel/panic", NULL, 0},
	{"kernel/threads-max", NULL, 0},
	{"fs/file-max", NULL, 0},
	{"vm/swappiness", NULL, 0},
};

static const struct {
	const char *file;
	int flag;
} namespaces[] = {
	{"ipc", CLONE_NEWIPC},
	{"uts", CLONE_NEWUTS},
	{"user", CLONE_NEWUSER},
	{"pid", CLONE_NEWPID},
};

/* Return: 0 if exactly the keys of the namespace are refused. */
static int look(const struct host *h, const char *file)
{
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		/* an unknown kernel may be a newer one */
		bool expected = row->ns && strcmp(row->ns, file) == 0 &&
		                (h->kernel == 0 || h->kernel >= row->since);
		_free_ char *path = mem_join(SYS, row->key);
		struct err e = {0};
		int r = host_namespaces_check(h, path, &e);

		/* others may be foreign, too: of a process that is in a container */
		if ((expected && r != -EREMOTE) || (!row->ns && r != 0)) {
			wrong = 1;
			(void)fprintf(stderr, "%s: %d\n", path, r);
		}
	}
	return wrong;
}

/* 77: the process may not have such a namespace. */
static int in_namespace(size_t i)
{
	_free_ char *value = NULL;
	struct host inside;
	struct stat st;
	struct err e;
	int wrong;
	pid_t pid;

	if (unshare(namespaces[i].flag) < 0)
		return 77;
	/* it is the children that are in the PID namespace */
	if (namespaces[i].flag == CLONE_NEWPID) {
		int status = 0;

		pid = fork();
		if (pid > 0)
			return waitpid(pid, &status, 0) == pid && WIFEXITED(status)
			               ? WEXITSTATUS(status)
			               : 1;
	}
	if (host_open(&inside, "/", &e) < 0)
		return 1;
	inside.kernel = NUM_VERSION(6, 14);
	wrong = look(&inside, namespaces[i].file);
	inside.kernel = 0;
	wrong |= look(&inside, namespaces[i].file);
	if (namespaces[i].flag == CLONE_NEWIPC)
		wrong |= host_file_read(&inside, SYS "kernel/sem", 100, &value, &e) !=
		                 -EREMOTE ||
		         !strstr(e.text, "IPC namespace (") ||
		         !strstr(e.text, "in a pod: hostIPC: true)") ||
		         host_file_write(&inside, SYS "kernel/sem", "1 1 1 1", &e) !=
		                 -EREMOTE ||
		         host_file_stat(&inside, SYS "kernel/sem", &st, &e) != -EREMOTE;
	host_close(&inside);
	return wrong;
}

static void test_another(void **state)
{
	int tried = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++) {
		pid_t pid = fork();
		int status = 0;

		if (pid == 0)
			_exit(in_namespace(i));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		if (WEXITSTATUS(status) != 77)
			assert_int_equal(WEXITSTATUS(status), 0);
		tried += WEXITSTATUS(status) != 77;
	}
	if (!tried)
		skip();
}

/* In the namespaces of process 1, or in the machine's first ones, all keys are read. */
static void test_own(void **state)
{
	struct host h;
	struct err e = {0};

	(void)state;
	assert_int_equal(host_open(&h, "/", &e), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_free_ char *path = mem_join(SYS, rows[i].key), *own = NULL, *his = NULL;
		struct stat a, b;

		if (rows[i].ns) {
			own = mem_format("/proc/self/ns/%s", rows[i].ns);
			his = mem_format("/proc/1/ns/%s", rows[i].ns);
			if (stat(own, &a) < 0 || stat(his, &b) < 0 ||
			    a.st_ino != b.st_ino)
				continue;
		}
		assert_int_equal(host_namespaces_check(&h, path, &e), 0);
	}
	host_close(&h);
}

/* With no process 1 to compare with, only the machine's first namespace is the host's. */
static void test_unknown(void **state)
{
	static const char path[] = SYS "kernel/msgmax";
	struct err e = {0};
	struct stat own;
	int r;

	assert_int_equal(tmproot_setup(state), 0);
	tmproot.host.live = true;
	assert_int_equal(stat("/proc/self/ns/ipc", &own), 0);
	r = host_namespaces_check(&tmproot.host, path, &e);
	assert_int_equal(r, own.st_ino == 0xEFFFFFFF ? 0 : -EREMOTE);
	if (r < 0)
		assert_part(e.text, "it is unknown whether hosttune is in the host's IPC "
		                    "namespace (give it CAP_SYS_PTRACE");
	tmproot.host.live = false;
	assert_int_equal(tmproot_teardown(state), 0);
}

/* What was compared while process 1 could be inspected holds afterwards. */
static void test_compared(void **state)
{
	static const char path[] = SYS "kernel/msgmax", ns[] = "/proc/1/ns/ipc";
	struct err e = {0};

	assert_int_equal(tmproot_setup(state), 0);
	tmproot.host.live = true;
	tmproot_link(ns, "/proc/self/ns/ipc");
	tmproot.host.namespaces = host_open_namespaces(tmproot.path);
	tmproot_remove(ns);
	assert_int_equal(host_namespaces_check(&tmproot.host, path, &e), 0);
	tmproot_link(ns, "/proc/self/ns/uts");
	tmproot.host.namespaces = host_open_namespaces(tmproot.path);
	tmproot_remove(ns);
	assert_int_equal(host_namespaces_check(&tmproot.host, path, &e), -EREMOTE);
	assert_part(e.text, "hosttune is not in the host's IPC namespace (in a pod: "
	                    "hostIPC: true)");
	assert_int_equal(host_open_namespaces("/nonexistent").same, 0);
	tmproot.host.live = false;
	assert_int_equal(tmproot_teardown(state), 0);
}

/* Before Linux 6.14, pid_max is one for the machine; a captured tree has one of each. */
static void test_one_for_all(void **state)
{
	struct err e = {0};

	assert_int_equal(tmproot_setup(state), 0);
	tmproot.host.live = true;
	tmproot.host.kernel = NUM_VERSION(6, 12);
	assert_int_equal(host_namespaces_check(&tmproot.host, SYS "kernel/pid_max", &e),
	                 0);
	tmproot.host.live = false;
	tmproot.host.kernel = NUM_VERSION(7, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_free_ char *path = mem_join(SYS, rows[i].key);

		assert_int_equal(host_namespaces_check(&tmproot.host, path, &e), 0);
	}
	assert_int_equal(host_namespaces_check(&tmproot.host, "/etc/hostname", &e), 0);
	assert_int_equal(host_namespaces_check(&tmproot.host, "/proc", &e), 0);
	assert_int_equal(tmproot_teardown(state), 0);
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "in another namespace, its sysctls are refused", test_another);
	suite_test(&s, "in that of process 1, they are read", test_own);
	suite_test(&s, "without a process 1", test_unknown);
	suite_test(&s, "compared at the start", test_compared);
	suite_test(&s, "one value for all namespaces", test_one_for_all);
	return suite_run(&s);
}
