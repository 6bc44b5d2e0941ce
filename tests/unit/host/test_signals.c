/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/stop.h"
#include "host/process/child.h"
#include "host/process/exec.h"
#include "host/process/signals.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOREVER_MS 20000

/* Run it in a child, which may end by its signals. Return: as waitpid(). */
static int apart(void (*run)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		run();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Those of a job in the background, or under nohup, start with some ignored. */
static void none_ignored(void)
{
	(void)signal(SIGHUP, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
}

static void once(void)
{
	none_ignored();
	signals_catch();
	(void)raise(SIGTERM);
	_exit(stop_signal() == SIGTERM ? 3 : 4);
}

static void twice(void)
{
	none_ignored();
	signals_catch();
	(void)raise(SIGHUP);
	(void)raise(SIGINT);
	_exit(4);
}

/* As under nohup: what is ignored stays ignored. */
static void ignored(void)
{
	(void)signal(SIGHUP, SIG_IGN);
	signals_catch();
	(void)raise(SIGHUP);
	_exit(stop_signal() ? 4 : 3);
}

/* A parent may have blocked them. */
static void blocked(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	signals_catch();
	(void)raise(SIGTERM);
	_exit(stop_signal() == SIGTERM ? 3 : 4);
}

static const struct row {
	const char *name;
	void (*run)(void);
	int status;
} rows[] = {
	{"the first is noted", once, 3},
	{"the second ends the process", twice, 128 + SIGINT},
	{"one that is ignored stays ignored", ignored, 3},
	{"one that was blocked is noted", blocked, 3},
};

static void test_catch(void **state)
{
	const struct row *row = *state;
	int status = apart(row->run);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), row->status);
}

static int signal_self(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)e;
	(void)raise(SIGTERM);
	(void)snprintf(text, HOST_CHILD_TEXT_MAX, "finished");
	return 0;
}

/* A terminal signals all its processes: a child finishes what it does. */
static void test_child(void **state)
{
	char *text = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(host_child_run(&tmproot.host, 0, FOREVER_MS, signal_self, NULL,
	                                &text, &e),
	                 0);
	assert_string_equal(keep_text(text), "finished");
}

static int watched(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)e;
	signals_catch();
	(void)snprintf(text, HOST_CHILD_TEXT_MAX, "ready");
	while (!stop_signal())
		(void)usleep(1000);
	(void)snprintf(text, HOST_CHILD_TEXT_MAX, "asked");
	return 0;
}

static void test_asked(void **state)
{
	struct host_child *job;
	char *text = NULL;
	struct err e = {0};
	sigset_t set;

	(void)state;
	/* as the watch does: a signal before signals_catch() is pending until then */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	assert_int_equal(host_child_start(&tmproot.host, 0, watched, NULL, &job, &e), 0);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	host_child_ask_to_end(job);
	assert_int_equal(host_child_finish(job, FOREVER_MS, &text, &e), 0);
	assert_string_equal(keep_text(text), "asked");
}

static void test_tool(void **state)
{
	static const struct host_tool shell = {.path = "/bin/sh"};
	static const char *const argv[] = {
		"tool", "-c", "kill -TERM $$; kill -INT $$; kill -HUP $$; echo finished",
		NULL};
	struct deadline until = {.until_signal = true};
	char *output = NULL;
	struct err e = {0};

	(void)state;
	/* nor does a signal to us end the wait for it */
	stop_note(SIGTERM);
	assert_int_equal(host_exec(&tmproot.host, &shell, argv, until, &output, &e), 0);
	stop_note(0);
	assert_string_equal(keep_text(output), "finished\n");
}

static int raise_pipe(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)text;
	(void)e;
	(void)raise(SIGPIPE);
	return 0;
}

/* SIGPIPE is ignored here, and in a child, which may log; a tool gets the default. */
static void test_pipe(void **state)
{
	static const struct host_tool shell = {.path = "/bin/sh"};
	static const char *const argv[] = {"tool", "-c", "kill -PIPE $$; echo alive",
	                                   NULL};
	struct err e = {0};

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, raise_pipe, NULL, NULL, &e),
		0);
	assert_int_equal(host_exec(&tmproot.host, &shell, argv,
	                           deadline_in_ms(FOREVER_MS), NULL, &e),
	                 -EINTR);
	assert_part(e.text, "killed by signal 13");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, rows, test_catch);
	suite_test(&s, "a child finishes", test_child);
	suite_test(&s, "a child that is asked to end", test_asked);
	suite_test(&s, "a tool finishes", test_tool);
	suite_test(&s, "a tool has the default of SIGPIPE", test_pipe);
	return suite_run(&s);
}
