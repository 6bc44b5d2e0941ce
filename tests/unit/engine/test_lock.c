/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/stop.h"
#include "engine/lock.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_one_at_a_time(void **state)
{
	struct err e = {0};
	int first = lock_take(&tmproot.host, &e), second;

	(void)state;
	assert_string_equal(e.text, "");
	assert_true(first >= 0);
	/* another open file behaves like another process */
	assert_int_equal(lock_take(&tmproot.host, &e), LOCK_HELD);
	assert_part(e.text, "another run of hosttune holds the lock /run/hosttune/lock");
	(void)close(first);
	second = lock_take(&tmproot.host, &e);
	assert_true(second >= 0);
	(void)close(second);
}

static unsigned waits;
static char waited_for[256];

static void note_wait(const char *text)
{
	waits++;
	(void)snprintf(waited_for, sizeof(waited_for), "%s", text);
}

/* Another process that holds the lock until it is killed. */
static pid_t hold(void)
{
	struct err e = {0};
	int ready[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		byte = lock_take(&tmproot.host, &e) >= 0 ? 'y' : 'n';
		(void)!write(ready[1], &byte, 1);
		(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	(void)close(ready[1]);
	assert_int_equal(byte, 'y');
	return pid;
}

static void release(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

/* The wait is reported once, with the holder, and ends at its limit. */
static void test_wait(void **state)
{
	int64_t start = clock_ms();
	struct err e = {0};
	struct stat st;
	char *locks;
	pid_t pid;

	(void)state;
	pid = hold();
	assert_int_equal(
		stat(keep_text(mem_format("%s/run/hosttune/lock", tmproot.path)), &st),
		0);
	locks = keep_text(mem_format(
		"1: POSIX  ADVISORY  WRITE 1 %02x:%02x:%lu 0 EOF\n"
		"2: FLOCK  ADVISORY  WRITE 2 %02x:%02x:%lu 0 EOF\n"
		"3: FLOCK  ADVISORY  WRITE 4711 %02x:%02x:%lu 0 EOF\n",
		major(st.st_dev), minor(st.st_dev), (unsigned long)st.st_ino,
		major(st.st_dev), minor(st.st_dev), (unsigned long)st.st_ino + 1,
		major(st.st_dev), minor(st.st_dev), (unsigned long)st.st_ino));
	tmproot_write("/proc/locks", locks);
	waits = 0;
	assert_int_equal(lock_wait(&tmproot.host, deadline_in_ms(500), note_wait, &e),
	                 LOCK_HELD);
	assert_true(clock_ms() - start >= 499);
	assert_int_equal(waits, 1);
	assert_string_equal(waited_for,
	                    "another run of hosttune (process 4711) holds the "
	                    "lock /run/hosttune/lock");
	assert_part(e.text, waited_for);
	/* no wait, no report */
	assert_int_equal(lock_wait(&tmproot.host, deadline_in_ms(0), note_wait, &e),
	                 LOCK_HELD);
	assert_int_equal(waits, 1);
	release(pid);
}

static void test_wait_ends(void **state)
{
	struct err e = {0};
	pid_t pid = hold(), killer;
	int lock;

	(void)state;
	killer = fork();
	if (killer == 0) {
		(void)usleep(300000);
		(void)kill(pid, SIGKILL);
		_exit(0);
	}
	waits = 0;
	lock = lock_wait(&tmproot.host, (struct deadline){0}, note_wait, &e);
	assert_true(lock >= 0);
	assert_int_equal(waits, 1);
	(void)close(lock);
	release(pid);
	release(killer);
}

static void test_wait_signal(void **state)
{
	struct deadline until = {.until_signal = true};
	struct err e = {0};
	pid_t pid = hold();

	(void)state;
	stop_note(SIGINT);
	assert_int_equal(lock_wait(&tmproot.host, until, note_wait, &e), -EINTR);
	assert_part(e.text, "ended by SIGINT");
	/* a lock that is free is taken: the caller decides */
	release(pid);
	assert_true(lock_wait(&tmproot.host, until, note_wait, &e) >= 0);
	stop_note(0);
}

/* The lock is the host's: no part of its path may be a link. */
static void test_links(void **state)
{
	struct err e = {0};

	(void)state;
	tmproot_link("/run", "../outside");
	assert_int_equal(lock_take(&tmproot.host, &e), -ELOOP);
	assert_part(e.text, "lock /run/hosttune/lock: make directory /run/hosttune: ");
	tmproot_remove("/run");
	tmproot_link("/run/hosttune/lock", "../../../outside/lock");
	assert_int_equal(lock_take(&tmproot.host, &e), -ELOOP);
	assert_part(e.text, "lock /run/hosttune/lock: open /run/hosttune/lock: ");
	assert_string_equal(tmproot_read("../outside/lock"), "(none)");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "one at a time", test_one_at_a_time);
	suite_test(&s, "wait", test_wait);
	suite_test(&s, "wait until the other run ends", test_wait_ends);
	suite_test(&s, "wait until a signal", test_wait_signal);
	suite_test(&s, "links are refused", test_links);
	return suite_run(&s);
}
