/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/atomic_write.h"
#include "host/file.h"
#include "test.h"
#include "tmproot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path_of(const char *name)
{
	return keep_text(mem_format("%s/%s", tmproot.outside, name));
}

/* How many files there are, also hidden ones: none is left over. */
static int count_outside(void)
{
	DIR *dir = opendir(tmproot.outside);
	const struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	(void)closedir(dir);
	return n;
}

/* A process with the old file open still reads the old text. */
static void test_replace(void **state)
{
	const char *path = path_of("m.prom");
	struct err e = {0};
	char old[8] = "";
	int fd;

	(void)state;
	assert_int_equal(atomic_write(path, "one\n", &e), 0);
	assert_string_equal(tmproot_read("../outside/m.prom"), "one\n");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(atomic_write(path, "second\n", &e), 0);
	assert_int_equal(read(fd, old, sizeof(old)), 4);
	(void)close(fd);
	assert_string_equal(old, "one\n");
	assert_string_equal(tmproot_read("../outside/m.prom"), "second\n");
	assert_int_equal(count_outside(), 1);
}

/* Also of a file in the current directory, whose name has no slash. */
static void test_durable(void **state)
{
	struct err e = {0};
	char *here = keep(getcwd(NULL, 0), free);

	(void)state;
	assert_int_equal(atomic_write_durable(path_of("b.json"), "one\n", &e), 0);
	assert_string_equal(tmproot_read("../outside/b.json"), "one\n");
	assert_int_equal(chdir(tmproot.outside), 0);
	assert_int_equal(atomic_write_durable("b.json", "two\n", &e), 0);
	assert_int_equal(chdir(here), 0);
	assert_string_equal(tmproot_read("../outside/b.json"), "two\n");
	assert_int_equal(count_outside(), 1);
}

/* What stands under a name that could be guessed is not touched, and is not in the way.
 */
static void test_planted(void **state)
{
	struct err e = {0};

	(void)state;
	tmproot_write("/kept", "kept\n");
	assert_int_equal(symlink(keep_text(mem_format("%s/kept", tmproot.path)),
	                         path_of(".m.prom.new")),
	                 0);
	assert_int_equal(mkdir(path_of(".d.prom.new"), 0755), 0);
	assert_int_equal(atomic_write(path_of("m.prom"), "new\n", &e), 0);
	assert_int_equal(atomic_write(path_of("d.prom"), "new\n", &e), 0);
	assert_string_equal(tmproot_read("/kept"), "kept\n");
	assert_string_equal(tmproot_read("../outside/m.prom"), "new\n");
	assert_string_equal(tmproot_read("../outside/d.prom"), "new\n");
	assert_int_equal(count_outside(), 4);
}

/* Two runs that write one file: each finds its own temporary file. */
static void test_two_writers(void **state)
{
	const char *path = path_of("m.prom");
	struct err e = {0};
	int writers = 0, status;

	(void)state;
	for (; writers < 2; writers++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid > 0)
			continue;
		for (int i = 0; i < 300; i++)
			if (atomic_write(path, writers ? "one\n" : "two\n", &e) < 0)
				_exit(1);
		_exit(0);
	}
	for (; writers > 0; writers--) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count_outside(), 1);
}

/* Readable for everyone, less the umask; any length of name. */
static void test_mode(void **state)
{
	const char *path = path_of(keep_text(mem_format("%0255d", 1))),
		   *other = path_of("m.prom");
	struct err e = {0};
	struct stat st;
	mode_t mask = umask(022);

	(void)state;
	assert_int_equal(atomic_write(path, "new\n", &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	(void)umask(077);
	assert_int_equal(atomic_write(other, "new\n", &e), 0);
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	(void)umask(mask);
}

/* What is replaced keeps its mode and owner; without the right to, it gains no readers.
 */
static void test_owner(void **state)
{
	static const mode_t modes[] = {0600, 0640, 0664, 0444};
	const char *path = path_of("o.json");
	struct err e = {0};
	struct stat st;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		assert_int_equal(atomic_write(path, "one\n", &e), 0);
		assert_int_equal(chmod(path, modes[i] | S_ISUID), 0);
		assert_int_equal(atomic_write(path, "two\n", &e), 0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i]);
	}
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(path, 1234, 5678), 0);
	assert_int_equal(chmod(path, 0660), 0);
	assert_int_equal(atomic_write_durable(path, "three\n", &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, 1234);
	assert_int_equal(st.st_gid, 5678);
	assert_int_equal(st.st_mode & 07777, 0660);
}

static int replace_as_other(void)
{
	struct err e = {0};

	return chdir(tmproot.outside) == 0 && setresgid(4321, 4321, 4321) == 0 &&
	                       setresuid(4321, 4321, 4321) == 0 &&
	                       atomic_write("l.json", "four\n", &e) == 0
	               ? 0
	               : 1;
}

static void test_owner_is_lost(void **state)
{
	const char *path = path_of("l.json");
	struct err e = {0};
	struct stat st;
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		return;
	assert_int_equal(chmod(tmproot.outside, 0777), 0);
	assert_int_equal(atomic_write(path, "one\n", &e), 0);
	assert_int_equal(chmod(path, 0664), 0);
	pid = fork();
	if (pid == 0)
		_exit(replace_as_other());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, 4321);
	/* its group is another: it may read, as all may, but not write */
	assert_int_equal(st.st_mode & 07777, 0644);
}

static void test_fails(void **state)
{
	const char *path = path_of("none/m.prom");
	struct err e = {0};

	(void)state;
	assert_int_equal(atomic_write(path, "new\n", &e), -ENOENT);
	assert_part(e.text, "none/.m.prom.");
	assert_part(e.text, ": No such file or directory");
	/* a directory is in the way: no temporary file remains */
	tmproot_dir("../outside/m.prom/below");
	assert_true(atomic_write(path_of("m.prom"), "new\n", &e) < 0);
	assert_part(e.text, "write ");
	assert_int_equal(count_outside(), 1);
}

static int checked(const char *path, const char *text)
{
	struct err e = {0};
	int r = atomic_write_check(path, &e);

	assert_string_equal(e.text, text);
	return r;
}

/* Only what could be replaced passes, and nothing changes. */
static void test_check(void **state)
{
	(void)state;
	tmproot_write("../outside/m.prom", "old\n");
	assert_int_equal(checked(path_of("m.prom"), ""), 0);
	assert_string_equal(tmproot_read("../outside/m.prom"), "old\n");
	assert_int_equal(count_outside(), 1);
	assert_int_equal(checked(path_of("new.prom"), ""), 0);
	assert_string_equal(tmproot_read("../outside/new.prom"), "(none)");
	assert_int_equal(checked(tmproot.outside, "is a directory"), -EISDIR);
	assert_int_equal(checked("/dev/null", "is not a regular file"), -EINVAL);
	assert_int_equal(symlink("m.prom", path_of("link")), 0);
	assert_int_equal(checked(path_of("link"), "is not a regular file"), -EINVAL);
	assert_int_equal(checked(path_of("none/"), "names no file"), -EINVAL);
	assert_int_equal(checked(path_of("none/m.prom"),
	                         "cannot be written: No such file or directory"),
	                 -ENOENT);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "old or new, and complete", test_replace);
	suite_test(&s, "durable", test_durable);
	suite_test(&s, "planted files", test_planted);
	suite_test(&s, "two writers", test_two_writers);
	suite_test(&s, "mode, and a long name", test_mode);
	suite_test(&s, "the owner and the mode of what is replaced", test_owner);
	suite_test(&s, "an owner that cannot be kept", test_owner_is_lost);
	suite_test(&s, "failures", test_fails);
	suite_test(&s, "what cannot be replaced", test_check);
	return suite_run(&s);
}
