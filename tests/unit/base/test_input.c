/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Files that a user may name: what is refused, and how long a pipe is waited for. */
#include "base/clock.h"
#include "base/input.h"
#include "base/mem.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int refused(const char *path, bool kmsg, const char *text)
{
	struct err e = {0};
	int fd = input_open(AT_FDCWD, path, kmsg, &e);

	assert_true(fd < 0);
	assert_int_equal(e.code, fd);
	assert_string_equal(e.text, text);
	return fd;
}

static const char *path_of(const char *name)
{
	return keep_text(mem_format("%s/%s", tmproot.path, name));
}

static void test_refused(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_true(s >= 0);
	assert_true(strlen(path_of("socket")) < sizeof(address.sun_path));
	(void)strcpy(address.sun_path, path_of("socket"));
	assert_return_code(bind(s, (struct sockaddr *)&address, sizeof(address)), errno);
	assert_int_equal(refused(path_of("socket"), false, "is a socket"), -EINVAL);
	(void)close(s);
	assert_int_equal(refused(tmproot.path, false, "is a directory"), -EISDIR);
	assert_int_equal(refused("/dev/zero", true, "is a character device"), -EINVAL);
	assert_int_equal(refused(path_of("none"), false,
	                         "cannot be opened: No such file or directory"),
	                 -ENOENT);
	if (access("/dev/kmsg", F_OK) == 0)
		assert_int_equal(refused("/dev/kmsg", false, "is a character device"),
		                 -EINVAL);
}

static const char *read_all(int fd, int64_t ms)
{
	struct err e = {0};
	char text[64];
	ssize_t n = input_read(fd, text, sizeof(text) - 1, deadline_in_ms(ms), &e);

	if (n < 0)
		return keep_text(mem_dup(e.text));
	text[n] = '\0';
	return keep_text(mem_dup(text));
}

static void test_file(void **state)
{
	struct err e = {0};
	int fd;

	(void)state;
	tmproot_write("/file", "text\n");
	fd = input_open(AT_FDCWD, path_of("file"), false, &e);
	assert_true(fd >= 0);
	assert_string_equal(read_all(fd, 10000), "text\n");
	assert_string_equal(read_all(fd, 10000), "");
	(void)close(fd);
	fd = input_open(AT_FDCWD, "/dev/null", false, &e);
	assert_true(fd >= 0);
	assert_string_equal(read_all(fd, 10000), "");
	(void)close(fd);
}

/* Neither opening it nor reading it waits beyond the deadline; a late writer is read. */
static void test_pipe(void **state)
{
	int64_t begin = clock_now_ms();
	struct err e = {0};
	int fd, writer, status;

	(void)state;
	assert_return_code(mkfifo(path_of("fifo"), 0600), errno);
	fd = input_open(AT_FDCWD, path_of("fifo"), false, &e);
	assert_true(fd >= 0);
	assert_string_equal(read_all(fd, 100), "deadline exceeded");
	assert_in_range(clock_now_ms() - begin, 90, 30000);
	if (fork() == 0) {
		(void)usleep(50000);
		writer = open(path_of("fifo"), O_WRONLY | O_CLOEXEC);
		(void)usleep(50000);
		_exit(write(writer, "late\n", 5) == 5 ? 0 : 1);
	}
	assert_string_equal(read_all(fd, 30000), "late\n");
	assert_string_equal(read_all(fd, 30000), "");
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
	(void)close(fd);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "what is no file", test_refused);
	suite_test(&s, "files", test_file);
	suite_test(&s, "pipes", test_pipe);
	return suite_run(&s);
}
