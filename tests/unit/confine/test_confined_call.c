/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * How a call of the part that parses ends: with its result, by a signal, at the deadline.
 * test_confine.c has what it may not do.
 */
#include "base/clock.h"
#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "confine/confine.h"
#include "confine/filter.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "doc/pack.h"
#include "doc/yaml.h"
#include "host/host.h"
#include "host/process/child.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char existing[64]; /* path of this test */

static int make_file(void **state)
{
	int fd;

	(void)state;
	confine_begin();
	(void)snprintf(existing, sizeof(existing), "/tmp/confine-%d", getpid());
	fd = open(existing, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return fd >= 0 && write(fd, "abc", 3) == 3 ? close(fd) : -1;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(existing);
}

static void read_bytes(void *arg, struct buf *out)
{
	char text[3] = "";

	if (pread(*(int *)arg, text, 2, 0) == 2)
		pack_text(out, text);
}

static void test_reads_its_input(void **state)
{
	_close_ int fd = open(existing, O_RDONLY | O_CLOEXEC);
	_buf_ struct buf out = {0};
	_free_ char *text = NULL;
	struct unpack u;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		confined_call(read_bytes, &fd, fd, (struct deadline){0}, &out, &e), 0);
	u = (struct unpack){.at = out.text, .end = out.text + out.len};
	text = unpack_text(&u);
	assert_string_equal(text, "ab");
}

static void read_other(void *arg, struct buf *out)
{
	char text[3] = "";

	pack_number(out, pread(*(int *)arg, text, 2, 0) < 0 ? (uint32_t)errno : 0);
}

static void test_has_no_other_descriptor(void **state)
{
	_close_ int fd = open(existing, O_RDONLY | O_CLOEXEC);
	_buf_ struct buf out = {0};
	struct unpack u;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		confined_call(read_other, &fd, -1, (struct deadline){0}, &out, &e), 0);
	u = (struct unpack){.at = out.text, .end = out.text + out.len};
	assert_int_equal(unpack_number(&u), EBADF);
}

static void do_abort(void *arg, struct buf *out)
{
	(void)arg;
	(void)out;
	abort();
}

static void write_memory(void *arg, struct buf *out)
{
	*(char *)arg = 'x';
	pack_number(out, 1);
}

static int call_from_child(void *arg, char *text, struct err *e)
{
	_buf_ struct buf out = {0};

	(void)arg;
	return confined_call(write_memory, text, -1, (struct deadline){0}, &out, e) ==
	                       -EIO
	               ? 7
	               : 0;
}

/* The answer of a child of hosttune is shared memory: what that child starts has none. */
static void test_has_no_shared_memory(void **state)
{
	char root[] = "";
	const struct host h = {.root = root, .root_fd = -1};
	struct err e = {0};

	(void)state;
	confine_begin();
	assert_int_equal(host_child_run(&h, 0, 60000, call_from_child, NULL, NULL, &e),
	                 7);
}

static void answer_part(void *arg, struct buf *out)
{
	(void)arg;
	pack_number(out, 7);
	pack_number(out, 7);
}

/* A part that dies is an error, not a result. */
static void test_dies(void **state)
{
	_buf_ struct buf out = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(
		confined_call(do_abort, NULL, -1, (struct deadline){0}, &out, &e), -EIO);
	assert_non_null(strstr(e.text, "killed by signal"));
}

static void never_ends(void *arg, struct buf *out)
{
	(void)arg;
	(void)out;
	for (;;)
		(void)poll(NULL, 0, 1000);
}

/* A child that does not answer is waited for until the deadline, and then killed. */
static void test_deadline(void **state)
{
	int64_t began = clock_now_ms();
	_buf_ struct buf out = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(
		confined_call(never_ends, NULL, -1, deadline_in_ms(200), &out, &e),
		-ETIMEDOUT);
	assert_string_equal(e.text, "not read: deadline exceeded");
	assert_true(clock_now_ms() - began < 20000);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Without a process, a document was not read: it may well be valid. */
static int parse_without_processes(void)
{
	static const struct rlimit none = {0, 0};
	_diagnostics_ struct diagnostics diag = {0};
	_node_ struct node *n = NULL;
	struct err e = {0};

	if (setrlimit(RLIMIT_NPROC, &none) < 0 ||
	    (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0))
		return 1;
	n = confined_yaml_parse("a: 1", 4, "f", (struct deadline){0}, &diag);
	if (n || !diag.failed || diag.errors != 1 ||
	    strcmp(diag.list[0].text, "start a process to read it: Resource temporarily "
	                              "unavailable") != 0)
		return 2;
	n = confined_json_parse_some("{}", 2, 9, (struct deadline){0}, &e);
	return !n && e.code == -EAGAIN && confined_is_failure(e.code) ? 0 : 3;
}

static void test_no_process(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(parse_without_processes());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_unread_rest(void **state)
{
	_buf_ struct buf out = {0};
	struct unpack u;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		confined_call(answer_part, NULL, -1, (struct deadline){0}, &out, &e), 0);
	u = (struct unpack){.at = out.text, .end = out.text + out.len};
	(void)unpack_number(&u);
	assert_false(unpack_is_complete(&u));
}

/* The same tree and the same problems as without the confinement. */
static void test_same_result(void **state)
{
	static const char text[] =
		"a: [1, 'x', {b: \"\\u00e4\"}]\nc: |\n  y\na: 2\n*: x\n";
	_diagnostics_ struct diagnostics here = {0}, apart = {0};
	_node_ struct node *n = node_yaml_parse(text, strlen(text), "f", &here);
	_node_ struct node *m = confined_yaml_parse(text, strlen(text), "f",
	                                            (struct deadline){0}, &apart);
	_buf_ struct buf a = {0}, b = {0};

	(void)state;
	assert_true(confine_is_apart());
	pack_node(&a, n);
	pack_node(&b, m);
	pack_diagnostics(&a, &here);
	pack_diagnostics(&b, &apart);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.text, b.text, a.len);
	assert_true(here.n > 0);
	assert_int_equal(here.errors, apart.errors);
	assert_string_equal(apart.list[0].file, "f");
}

int main(void)
{
	struct suite s = {0};
	struct err e = {0};
	int status = 0;
	pid_t pid = fork();

	/* without filters, nothing is confined */
	if (pid == 0)
		_exit(filter_computing(STDOUT_FILENO, &e) < 0);
	if (waitpid(pid, &status, 0) != pid || status != 0) {
		(void)puts("1..0 # SKIP this kernel, or this emulator, has no filters");
		return 0;
	}
	suite_fixture(make_file, remove_file);
	suite_test(&s, "reads its input", test_reads_its_input);
	suite_test(&s, "has no other descriptor", test_has_no_other_descriptor);
	suite_test(&s, "has no shared memory", test_has_no_shared_memory);
	suite_test(&s, "dies", test_dies);
	suite_test(&s, "the deadline", test_deadline);
	suite_test(&s, "no process can be started", test_no_process);
	suite_test(&s, "unread rest", test_unread_rest);
	suite_test(&s, "same result", test_same_result);
	return suite_run(&s);
}
