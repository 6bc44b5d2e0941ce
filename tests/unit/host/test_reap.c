/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/child.h"
#include "host/process/reap.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOREVER_MS 20000
#define SHORT_MS   100

/* Longer than the wait for a killed child; far below FOREVER_MS. */
#define BOUND_MS 14000

/* Enough for a child to get stuck, on a busy machine, too. */
#define STUCK_MS 1500

/* How long a child stays stuck: longer than all waits for it. */
#define STUCK_S 20

/*
 * Have another process trace the caller. A traced child that is killed cannot be reaped
 * by its parent before the tracer, as one in an uninterruptible sleep cannot.
 */
static void become_stuck(void)
{
	int ready[2];
	pid_t me = getpid();
	char byte;

	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	if (pipe(ready) < 0)
		_exit(1);
	if (fork() == 0) {
		(void)prctl(PR_SET_PDEATHSIG, 0);
		byte = ptrace(PTRACE_SEIZE, me, 0, 0) == 0 ? 'y' : 'n';
		(void)!write(ready[1], &byte, 1);
		/* closes the pipes of the job, which must not wait for this process */
		for (int fd = 0; fd < 1024; fd++)
			(void)close(fd);
		(void)sleep(STUCK_S);
		_exit(0);
	}
	(void)!read(ready[0], &byte, 1);
	if (byte != 'y')
		_exit(77);
}

static int get_stuck(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)text;
	(void)e;
	become_stuck();
	while (pause() < 0)
		;
	return 0;
}

static bool may_trace(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		become_stuck();
		_exit(0);
	}
	(void)usleep(SHORT_MS * 1000);
	/* it has ended, but is traced: not reaped */
	return waitpid(pid, &status, WNOHANG) == 0;
}

static void test_status(void **state)
{
	pid_t pid = fork();
	int status = -1;

	(void)state;
	if (pid == 0)
		_exit(7);
	assert_int_equal(reap(pid, deadline_in_ms(FOREVER_MS), &status), 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void test_runs(void **state)
{
	int64_t start = clock_ms();
	struct err e = {0};
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0) {
		(void)pause();
		_exit(0);
	}
	assert_int_equal(reap(pid, deadline_in_ms(SHORT_MS), &status), -ETIMEDOUT);
	assert_true(clock_ms() - start >= SHORT_MS - 1);
	assert_int_equal(reap_killed(pid, &e), 0);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Not even SIGKILL ends it: the wait ends nevertheless, and the child is named. */
static void test_stuck(void **state)
{
	int64_t start = clock_ms();
	struct err e = {0};

	(void)state;
	if (!may_trace())
		skip();
	assert_int_equal(
		host_child_run(&tmproot.host, 0, STUCK_MS, get_stuck, NULL, NULL, &e),
		-ETIME);
	assert_true(clock_ms() - start < BOUND_MS);
	assert_part(e.text, "timed out: does not end even when killed: process ");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "status", test_status);
	suite_test(&s, "a child that runs on", test_runs);
	suite_test(&s, "a child that cannot be killed", test_stuck);
	return suite_run(&s);
}
