/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A process that has given up writing has the named files written, and no other. */
#include "base/mem.h"
#include "confine/confine.h"
#include "confine/writer.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONG_BYTES 300000

static char dir[32], named[64], other[64];

/* In a child of this test, confined: writer_write(). Return: its error, 0 if none. */
static int write_confined(const char *path, const char *text)
{
	const char *files[] = {named};
	struct err e = {0};
	int status, r;
	pid_t pid = fork();

	if (pid == 0) {
		confine_whole(writer_start(files, 1));
		r = writer_write(path, text, &e);
		writer_end();
		/* it was waited for: there is no child left */
		_exit(waitpid(-1, &status, WNOHANG) < 0 ? -r : 255);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void assert_content(const char *path, const char *text)
{
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = strlen(text);
	_free_ char *got = mem_new(len + 2, 1);

	assert_int_equal(read(fd, got, len + 1), len);
	assert_string_equal(got, text);
}

static void test_named(void **state)
{
	_free_ char *text = mem_new(LONG_BYTES + 1, 1);

	(void)state;
	memset(text, 'x', LONG_BYTES);
	assert_int_equal(write_confined(named, text), 0);
	assert_content(named, text);
	assert_int_equal(write_confined(named, ""), 0);
	assert_content(named, "");
}

static void test_other(void **state)
{
	(void)state;
	assert_int_equal(write_confined(other, "x"), EPERM);
	assert_int_equal(access(other, F_OK), -1);
}

static void test_fails(void **state)
{
	(void)state;
	(void)unlink(named);
	assert_int_equal(mkdir(named, 0700), 0);
	assert_int_equal(write_confined(named, "x"), EISDIR);
	assert_int_equal(rmdir(named), 0);
}

/* Without one, it is done here. */
static void test_none(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(writer_start(NULL, 0), -1);
	assert_int_equal(writer_write(other, "y", &e), 0);
	assert_content(other, "y");
	(void)unlink(other);
}

static int make_dir(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/writer-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	(void)snprintf(named, sizeof(named), "%s/named", dir);
	(void)snprintf(other, sizeof(other), "%s/other", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)unlink(named);
	(void)unlink(other);
	return rmdir(dir);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(make_dir, remove_dir);
	suite_test(&s, "named", test_named);
	suite_test(&s, "other", test_other);
	suite_test(&s, "fails", test_fails);
	suite_test(&s, "none", test_none);
	return suite_run(&s);
}
