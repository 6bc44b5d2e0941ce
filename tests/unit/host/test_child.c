/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/file.h"
#include "host/open.h"
#include "host/process/child.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOREVER_MS 20000
#define SHORT_MS   100

static int answer(void *arg, char *text, struct err *e)
{
	(void)e;
	(void)snprintf(text, HOST_CHILD_TEXT_MAX, "got %s", (const char *)arg);
	return 0;
}

static void test_answer(void **state)
{
	char *text = NULL, arg[] = "this";
	struct err e = {0};

	(void)state;
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, answer, arg, &text, &e), 0);
	assert_string_equal(keep_text(text), "got this");
	assert_string_equal(e.text, "");
	/* the answer is optional */
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, answer, arg, NULL, &e), 0);
}

/* The text is zeroed and can be filled to its last byte. */
static int fill(void *arg, char *text, struct err *e)
{
	(void)arg;
	for (size_t i = 0; i < HOST_CHILD_TEXT_MAX; i++)
		if (text[i])
			return err_set(e, -EINVAL, "byte %zu is not zero", i);
	memset(text, 'x', HOST_CHILD_TEXT_MAX);
	return 0;
}

static void test_full(void **state)
{
	char *text = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, fill, NULL, &text, &e), 0);
	assert_int_equal(strlen(keep_text(text)), HOST_CHILD_TEXT_MAX - 1);
}

static int refuse(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)snprintf(text, HOST_CHILD_TEXT_MAX, "half an answer");
	(void)err_errno(e, EBUSY, "write threads");
	return err_wrap(e, "nfsd");
}

static void test_error(void **state)
{
	char *text = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, refuse, NULL, &text, &e),
		-EBUSY);
	assert_int_equal(e.code, -EBUSY);
	assert_string_equal(e.text, "nfsd: write threads: Device or resource busy");
	assert_null(text);
}

static int hang(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)text;
	(void)e;
	while (pause() < 0)
		;
	return 0;
}

static void assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void test_timeout(void **state)
{
	int64_t start = clock_ms();
	char *text = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		host_child_run(&tmproot.host, 0, SHORT_MS, hang, NULL, &text, &e),
		-ETIMEDOUT);
	assert_int_equal(e.code, -ETIMEDOUT);
	assert_part(e.text, "timed out");
	assert_true(clock_ms() - start >= SHORT_MS - 1);
	assert_true(clock_ms() - start < FOREVER_MS / 2);
	assert_null(text);
	assert_no_child();
}

/* The deadline of the whole run is earlier. */
static void test_deadline(void **state)
{
	int64_t start = clock_ms();
	struct err e = {0};

	(void)state;
	tmproot.host.deadline.at_ms = start + SHORT_MS;
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, hang, NULL, NULL, &e),
		-ETIMEDOUT);
	assert_true(clock_ms() - start < FOREVER_MS / 2);
	/* and a deadline that has passed leaves no time at all */
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, hang, NULL, NULL, &e),
		-ETIMEDOUT);
	assert_no_child();
}

static void count_waiting(void *arg)
{
	++*(unsigned *)arg;
}

static int take_a_second(void *arg, char *text, struct err *e)
{
	(void)arg;
	(void)text;
	(void)e;
	(void)usleep(1200000);
	return 0;
}

/* The caller is called back at the start, and then at each interval. */
static void test_waiting(void **state)
{
	unsigned calls = 0;
	struct err e = {0};

	(void)state;
	tmproot.host.waiting = count_waiting;
	tmproot.host.waiting_arg = &calls;
	assert_int_equal(host_child_run(&tmproot.host, 0, FOREVER_MS, take_a_second, NULL,
	                                NULL, &e),
	                 0);
	assert_true(calls >= 3);
	tmproot.host.waiting = NULL;
}

static int die(void *arg, char *text, struct err *e)
{
	(void)text;
	(void)e;
	(void)raise(*(const int *)arg);
	return 0;
}

static void test_signal(void **state)
{
	int signal = SIGKILL;
	char *text = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		host_child_run(&tmproot.host, 0, FOREVER_MS, die, &signal, &text, &e),
		-EIO);
	assert_string_equal(e.text, "killed by signal 9");
	assert_null(text);
	assert_no_child();
}

/* Changes that the child makes to itself end with it. */
static int change_self(void *arg, char *text, struct err *e)
{
	(void)text;
	*(int *)arg = 7;
	return chdir("/") < 0 ? err_errno(e, errno, "chdir") : 0;
}

static void test_apart(void **state)
{
	char before[4096], after[4096];
	struct err e;
	int value = 1;

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(host_child_run(&tmproot.host, 0, FOREVER_MS, change_self, &value,
	                                NULL, &e),
	                 0);
	assert_int_equal(value, 1);
	assert_non_null(getcwd(after, sizeof(after)));
	assert_string_equal(before, after);
}

/* A tmpfs over the directory `arg`, with a file in it. */
static int mount_over(void *arg, char *text, struct err *e)
{
	char path[128];
	int fd;

	if (mount("tmpfs", arg, "tmpfs", 0, NULL) < 0)
		return err_errno(e, errno, "mount");
	(void)snprintf(path, sizeof(path), "%s/file", (const char *)arg);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, errno, "create");
	(void)close(fd);
	(void)snprintf(text, HOST_CHILD_TEXT_MAX, "mounted");
	return 0;
}

/* Mounting takes rights; in a chroot whose "/" is no mount point, nothing can be private.
 */
static void skip_without_private_mounts(int code)
{
	struct statx root;

	if (code == -EPERM)
		skip();
	if (code == -EINVAL && statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, &root) == 0 &&
	    (root.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) &&
	    !(root.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		skip();
}

static void test_private(void **state)
{
	char path[64], *text = NULL;
	struct err e = {0};
	int code;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s", tmproot.outside);
	code = host_child_run(&tmproot.host, HOST_CHILD_PRIVATE, FOREVER_MS, mount_over,
	                      path, &text, &e);
	skip_without_private_mounts(code);
	assert_string_equal(e.text, "");
	assert_string_equal(keep_text(text), "mounted");
	/* nobody else saw it */
	assert_string_equal(tmproot_read("../outside/file"), "(none)");
}

/* In its own mount namespace: a call from a place where mounts are shared. */
static int call_from_shared(void *arg, char *text, struct err *e)
{
	char below[80], file[96];
	int code;

	(void)text;
	(void)snprintf(below, sizeof(below), "%s/below", (const char *)arg);
	(void)snprintf(file, sizeof(file), "%s/file", below);
	if (mount("tmpfs", arg, "tmpfs", 0, NULL) < 0 ||
	    mount(NULL, arg, NULL, MS_SHARED, NULL) < 0 || mkdir(below, 0700) < 0)
		return err_errno(e, errno, "prepare a shared mount");
	code = host_child_run(&tmproot.host, HOST_CHILD_PRIVATE, FOREVER_MS, mount_over,
	                      below, NULL, e);
	if (code == 0 && access(file, F_OK) == 0)
		return err_set(e, -EEXIST, "the mount was seen outside");
	return code;
}

static void test_private_of_shared(void **state)
{
	struct err e = {0};
	int code = host_child_run(&tmproot.host, HOST_CHILD_PRIVATE, FOREVER_MS,
	                          call_from_shared, tmproot.outside, NULL, &e);

	(void)state;
	skip_without_private_mounts(code);
	assert_string_equal(e.text, "");
}

/* The host's root is "/", and nothing outside is visible. */
static int look_around(void *arg, char *text, struct err *e)
{
	int fd = open("/inside", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, HOST_CHILD_TEXT_MAX - 1);

	if (n < 0)
		return err_errno(e, errno, "read /inside");
	if (access(arg, F_OK) == 0)
		return err_set(e, -EEXIST, "%s is there", (const char *)arg);
	return 0;
}

static void test_chroot(void **state)
{
	char outside[64], *text = NULL;
	struct err e = {0};
	int code;

	(void)state;
	(void)snprintf(outside, sizeof(outside), "%s", tmproot.outside);
	tmproot_write("/inside", "in the root");
	code = host_child_run(&tmproot.host, HOST_CHILD_CHROOT | HOST_CHILD_PRIVATE,
	                      FOREVER_MS, look_around, outside, &text, &e);
	skip_without_private_mounts(code);
	assert_string_equal(e.text, "");
	assert_string_equal(keep_text(text), "in the root");
}

/* A host at the root "/" needs no permission to chroot. */
static void test_own_root(void **state)
{
	struct host h;
	char *text = NULL, arg[] = "x";
	struct err e = {0};

	(void)state;
	assert_int_equal(host_open(&h, "/", &e), 0);
	assert_int_equal(
		host_child_run(&h, HOST_CHILD_CHROOT, FOREVER_MS, answer, arg, &text, &e),
		0);
	host_close(&h);
	assert_string_equal(keep_text(text), "got x");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "answer", test_answer);
	suite_test(&s, "an answer that fills the buffer", test_full);
	suite_test(&s, "error", test_error);
	suite_test(&s, "timeout", test_timeout);
	suite_test(&s, "deadline of the run", test_deadline);
	suite_test(&s, "called back while waiting", test_waiting);
	suite_test(&s, "killed by a signal", test_signal);
	suite_test(&s, "changes end with the child", test_apart);
	suite_test(&s, "private mount namespace", test_private);
	suite_test(&s, "private where mounts are shared", test_private_of_shared);
	suite_test(&s, "chroot", test_chroot);
	suite_test(&s, "own root", test_own_root);
	return suite_run(&s);
}
