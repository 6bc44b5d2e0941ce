/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/progress.h"
#include "host/process/exec.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONG_S   20
#define SHORT_MS 150

static const struct host_tool shell = {.path = "/bin/sh"};

/* Run the shell as the tool; the script is what the test tries. */
static int run(const char *script, char **ret_output, struct err *e)
{
	const char *const argv[] = {"tool", "-c", script, "a b", NULL};

	*e = (struct err){0};
	return host_exec(
		&tmproot.host, &shell, argv,
		deadline_earlier(tmproot.host.deadline, deadline_in_ms(LONG_S * 1000)),
		ret_output, e);
}

static const struct row {
	const char *name, *script;
	int code;
	const char *reported; /* the error, or the output */
} rows[] = {
	{"output", "echo one; echo two >&2", 0, "one\ntwo\n"},
	{"no output", ":", 0, ""},
	{"arguments are not split", "printf '[%s]' \"$0\" \"$#\"", 0, "[a b][0]"},
	{"environment", "/usr/bin/env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | sort", 0,
         "LC_ALL=C\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n"},
	{"standard input is empty", "cat", 0, ""},
	{"exit status", "echo why; echo because; exit 3", -EIO,
         "tool: exit status 3: because"},
	{"exit status, followed by blank lines", "echo because; echo; echo '  '; exit 1",
         -EIO, "tool: exit status 1: because"},
	{"exit status, no output", "exit 1", -EIO, "tool: exit status 1: "},
	{"signal", "echo x; kill -9 $$", -EINTR, "tool: killed by signal 9"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	char *output = NULL;
	struct err e;

	assert_int_equal(run(row->script, &output, &e), row->code);
	if (row->code < 0) {
		assert_int_equal(e.code, row->code);
		assert_string_equal(e.text, row->reported);
		/* its output is set nevertheless */
		assert_non_null(keep_text(output));
		return;
	}
	assert_string_equal(keep_text(output), row->reported);
	assert_string_equal(e.text, "");
	assert_int_equal(run(row->script, NULL, &e), 0);
}

/* The tool inherits no descriptor that we opened, only those we inherited ourselves. */
static void test_descriptors(void **state)
{
	/* 0, 1, 2 and the directory that ls reads */
	unsigned long n = 4;
	char *output = NULL;
	struct err e;

	(void)state;
	for (int fd = 3; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) == 0;
	assert_int_equal(fcntl(tmproot.host.root_fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(run("exec ls /proc/self/fd", &output, &e), 0);
	for (const char *p = keep_text(output); *p; p++)
		n -= *p == '\n';
	assert_int_equal(n, 0);
}

/* The output is read to its end; the first 16 KiB are kept. */
static void test_bounded(void **state)
{
	char *output = NULL;
	struct err e;

	(void)state;
	assert_int_equal(run("echo start; i=0; while [ $i -lt 4000 ]; do "
	                     "echo 0123456789012345678901234567890123456789; "
	                     "i=$((i + 1)); done",
	                     &output, &e),
	                 0);
	assert_int_equal(strlen(keep_text(output)), 16383);
	assert_memory_equal(output, "start\n0123", 10);
	assert_int_equal(run("head -c 1000000 /dev/zero | tr '\\0' x; exit 4", NULL, &e),
	                 -EIO);
	assert_memory_equal(e.text, "tool: exit status 4: xxx", 24);
}

static void assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* A tool that does not end before the deadline of the run is killed. */
static const struct hang {
	const char *name, *script;
} hangs[] = {
	{"timeout", "exec sleep 7"},
	{"timeout while it prints", "while :; do echo x; done"},
	{"timeout after closing its output", "exec >/dev/null 2>&1; exec sleep 2"},
};

static void test_hang(void **state)
{
	const struct hang *row = *state;
	int64_t start = clock_ms();
	char *output = NULL;
	struct err e;

	tmproot.host.deadline.at_ms = start + SHORT_MS;
	assert_int_equal(run(row->script, &output, &e), -ETIMEDOUT);
	assert_part(e.text, "tool: timed out");
	assert_true(clock_ms() - start < 1500);
	assert_null(output);
	assert_no_child();
}

static void test_own_timeout(void **state)
{
	const char *const argv[] = {"sleep", "7", NULL};
	static const struct host_tool sleep_tool = {.path = "/bin/sleep"};
	int64_t start = clock_ms();
	struct err e;

	(void)state;
	/* a deadline far away leaves the tool's own limit */
	tmproot.host.deadline.at_ms = start + 100000;
	assert_int_equal(host_exec(&tmproot.host, &sleep_tool, argv, deadline_in_ms(1000),
	                           NULL, &e),
	                 -ETIMEDOUT);
	assert_true(clock_ms() - start >= 900 && clock_ms() - start < 5000);
}

static void test_missing(void **state)
{
	static const struct host_tool missing = {.path = "/nonexistent/tool"};
	const char *const argv[] = {"tool", NULL};
	struct err e;

	(void)state;
	assert_true(host_exec(&tmproot.host, &missing, argv,
	                      deadline_in_ms(LONG_S * 1000), NULL, &e) < 0);
	assert_part(e.text, "/nonexistent/tool: No such file or directory");
}

static void test_find(void **state)
{
	struct host_tool tool;
	struct err e = {0};

	(void)state;
	/* the host's own tool is preferred, in the order of the directories */
	tmproot_write("/bin/sh", "");
	tmproot_write("/usr/bin/sh", "");
	assert_int_equal(host_exec_find(&tmproot.host, "sh", 0, &tool, &e), 0);
	assert_string_equal(tool.path, "/usr/bin/sh");
	assert_true(tool.in_root);
	tmproot_remove("/usr/bin/sh");
	tmproot_remove("/bin/sh");
	assert_int_equal(host_exec_find(&tmproot.host, "sh", 0, &tool, &e), 0);
	assert_false(tool.in_root);
	assert_int_equal(access(tool.path, X_OK), 0);
	assert_int_equal(host_exec_find(&tmproot.host, "no-such-tool", 0, &tool, &e),
	                 -ENOENT);
	assert_string_equal(e.text,
	                    "no-such-tool: not found in /usr/sbin, /sbin, /usr/bin, "
	                    "/bin or /usr/local/sbin, on the host or in this image");
}

/* Links of a merged /usr and of alternatives are resolved in the host's root. */
static void test_find_links(void **state)
{
	struct host_tool tool;
	struct err e = {0};

	(void)state;
	tmproot_write("/usr/bin/kmod", "");
	tmproot_link("/usr/sbin/no-such-modprobe", "../bin/kmod");
	tmproot_link("/sbin", "usr/sbin");
	assert_int_equal(host_exec_find(&tmproot.host, "no-such-modprobe", 0, &tool, &e),
	                 0);
	assert_true(tool.in_root);
	/* as in Debian: absolute, so below the root for a process inside it */
	tmproot_link("/usr/sbin/no-such-tool", "/bin/kmod");
	tmproot_link("/bin", "usr/bin");
	assert_int_equal(host_exec_find(&tmproot.host, "no-such-tool", 0, &tool, &e), 0);
	assert_true(tool.in_root);
}

/*
 * A tool of the host runs in the host's root: a file exists at this path that is not a
 * program (or is on a noexec file system). Outside the root it does not exist.
 */
static void test_in_root(void **state)
{
	static const struct host_tool tool = {.path = "/usr/sbin/hosttune-test-tool",
	                                      .in_root = true};
	const char *const argv[] = {"tool", NULL};
	struct err e;

	(void)state;
	if (geteuid() != 0)
		skip();
	tmproot_write(tool.path, "no program");
	assert_int_equal(
		chmod(keep_text(mem_format("%s%s", tmproot.path, tool.path)), 0755), 0);
	assert_true(host_exec(&tmproot.host, &tool, argv, deadline_in_ms(LONG_S * 1000),
	                      NULL, &e) < 0);
	assert_part(e.text, "run /usr/sbin/hosttune-test-tool: ");
	assert_null(strstr(e.text, "No such file"));
}

/* Each waits for the other: run in sequence they would never end. */
static void test_side_by_side(void **state)
{
	struct host_exec_job jobs[2];
	char *output = NULL;
	struct err e;

	(void)state;
	assert_return_code(mkfifo(keep_text(mem_format("%s/a", tmproot.path)), 0600),
	                   errno);
	assert_return_code(mkfifo(keep_text(mem_format("%s/b", tmproot.path)), 0600),
	                   errno);
	for (size_t i = 0; i < 2; i++) {
		/* each opens both ends of both, so that opening does not block */
		const char *script = keep_text(
			mem_format("cd %s && exec 3<>a 4<>b && %s", tmproot.path,
		                   i ? "echo to-a >&3; read x <&4; echo $x"
		                     : "echo to-b >&4; read x <&3; echo $x"));
		const char *const argv[] = {"tool", "-c", script, NULL};

		assert_int_equal(host_exec_start(&tmproot.host, &shell, argv,
		                                 deadline_in_ms(LONG_S * 1000), &jobs[i],
		                                 &e),
		                 0);
	}
	assert_int_equal(host_exec_wait(&tmproot.host, &jobs[0], &output, &e), 0);
	assert_string_equal(keep_text(output), "to-a\n");
	assert_int_equal(host_exec_wait(&tmproot.host, &jobs[1], &output, &e), 0);
	assert_string_equal(keep_text(output), "to-b\n");
}

static unsigned reported;

static void count_progress(const char *what, unsigned seconds)
{
	if (!what)
		return;
	assert_string_equal(what, "tool a b");
	assert_true(seconds > 0);
	reported++;
}

/* Progress is reported for a tool that runs long, and not for a quick one. */
static void test_progress(void **state)
{
	struct err e;

	(void)state;
	reported = 0;
	progress_report_to(count_progress);
	assert_int_equal(run(":", NULL, &e), 0);
	assert_int_equal(reported, 0);
	assert_int_equal(run("sleep 1.5", NULL, &e), 0);
	assert_int_equal(reported, 1);
	progress_report_to(NULL);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	/* the environment must have no influence */
	(void)setenv("HOSTTUNE_TEST", "leaked", 1);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "descriptors", test_descriptors);
	suite_test(&s, "output is bounded", test_bounded);
	suite_rows(&s, hangs, test_hang);
	suite_test(&s, "the tool's own timeout", test_own_timeout);
	suite_test(&s, "side by side", test_side_by_side);
	suite_test(&s, "progress", test_progress);
	suite_test(&s, "missing tool", test_missing);
	suite_test(&s, "find", test_find);
	suite_test(&s, "find behind links", test_find_links);
	suite_test(&s, "in the host's root", test_in_root);
	return suite_run(&s);
}
