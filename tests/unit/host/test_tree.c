/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Copying and removing trees; tests/vm/bind.sh tests owners, devices and times. */
#include "base/mem.h"
#include "base/stop.h"
#include "host/tree/tree.h"
#include "host/tree/walk.h"
#include "host/tree/xattr.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *real(const char *path)
{
	return keep_text(mem_format("%s%s", tmproot.path, path));
}

static struct stat status(const char *path)
{
	struct stat st = {0};

	assert_return_code(lstat(real(path), &st), errno);
	return st;
}

static void make_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", real(path));
	assert_return_code(bind(fd, (struct sockaddr *)&address, sizeof(address)), errno);
	(void)close(fd);
}

static void make_tree(void)
{
	tmproot_write("/a/dir/file", "text");
	tmproot_write("/a/empty", "");
	tmproot_link("/a/link", "/etc/passwd");
	assert_return_code(link(real("/a/dir/file"), real("/a/other")), errno);
	assert_return_code(mkfifo(real("/a/fifo"), 0640), errno);
	tmproot_write("/a/sparse", "");
	assert_return_code(truncate(real("/a/sparse"), 8 * 1024 * 1024), errno);
	assert_return_code(chmod(real("/a/dir"), 01711), errno);
	make_socket("/a/socket");
	tmproot_dir("/mnt");
}

static struct host_tree_lost lost;

static int copy(const char *to, uint64_t *sockets, struct err *e)
{
	int r;

	*e = (struct err){0};
	r = host_tree_copy(&tmproot.host, "/a", to, &lost, e);
	*sockets = lost.sockets;
	return r;
}

static void test_copy(void **state)
{
	uint64_t sockets = 0;
	struct err e;
	const char *before;

	(void)state;
	make_tree();
	before = tmproot_contents();
	assert_int_equal(copy("/mnt/b", &sockets, &e), 0);
	assert_int_equal(sockets, 1);
	assert_string_equal(tmproot_read("/mnt/b/dir/file"), "text");
	assert_int_equal(status("/mnt/b/dir").st_mode & 07777, 01711);
	assert_int_equal(status("/mnt/b/dir").st_mtime, status("/a/dir").st_mtime);
	assert_int_equal(status("/mnt/b/dir/file").st_ino, status("/mnt/b/other").st_ino);
	assert_int_equal(status("/mnt/b/dir/file").st_nlink, 2);
	assert_true(S_ISLNK(status("/mnt/b/link").st_mode));
	assert_true(S_ISFIFO(status("/mnt/b/fifo").st_mode));
	assert_int_equal(status("/mnt/b/sparse").st_size, 8 * 1024 * 1024);
	assert_true(status("/mnt/b/sparse").st_blocks < 1024);
	assert_int_equal(access(real("/mnt/b/socket"), F_OK), -1);
	assert_int_equal(access(real("/mnt/b.hosttune-unfinished"), F_OK), -1);
	assert_int_equal(host_tree_remove(&tmproot.host, "/mnt/b", &e), 0);
	assert_string_equal(tmproot_contents(), before);
}

/* The rest of an interrupted copy is removed; a complete copy stays. */
static void test_again(void **state)
{
	uint64_t sockets;
	struct err e;

	(void)state;
	make_tree();
	tmproot_write("/mnt/b.hosttune-unfinished/dir/file", "half");
	tmproot_write("/mnt/b.hosttune-unfinished/more", "x");
	tmproot_dir("/mnt/b");
	assert_int_equal(copy("/mnt/b", &sockets, &e), 0);
	assert_string_equal(tmproot_read("/mnt/b/dir/file"), "text");
	assert_string_equal(tmproot_read("/mnt/b/more"), "(none)");
	tmproot_write("/mnt/b/mine", "x");
	assert_true(copy("/mnt/b", &sockets, &e) < 0);
	assert_part(e.text, "move /a to /mnt/b: rename /mnt/b.hosttune-unfinished to");
	assert_string_equal(tmproot_read("/mnt/b/mine"), "x");
	assert_int_equal(access(real("/mnt/b.hosttune-unfinished"), F_OK), -1);
}

static void test_deadline(void **state)
{
	uint64_t sockets;
	struct err e;

	(void)state;
	make_tree();
	tmproot.host.deadline.at_ms = 1;
	assert_int_equal(copy("/mnt/b", &sockets, &e), -ETIMEDOUT);
	assert_int_equal(access(real("/mnt/b"), F_OK), -1);
	assert_int_equal(access(real("/mnt/b.hosttune-unfinished"), F_OK), -1);
	tmproot.host.deadline.at_ms = 0;
	/* a signal ends it, too, and what was copied is removed */
	tmproot.host.deadline.until_signal = true;
	stop_note(SIGTERM);
	assert_int_equal(copy("/mnt/b", &sockets, &e), -ETIMEDOUT);
	stop_note(0);
	assert_int_equal(access(real("/mnt/b"), F_OK), -1);
	assert_int_equal(access(real("/mnt/b.hosttune-unfinished"), F_OK), -1);
	tmproot.host.deadline.until_signal = false;
}

/* No link is followed, neither on the path nor in the tree. */
static void test_links(void **state)
{
	uint64_t sockets;
	struct err e = {0};

	(void)state;
	make_tree();
	tmproot_link("/mnt/away", "../a");
	assert_int_equal(copy("/mnt/away/b", &sockets, &e), -ELOOP);
	assert_int_equal(host_tree_remove(&tmproot.host, "/mnt/away", &e), -ELOOP);
	tmproot_link("/mnt/tree/out", "/a");
	assert_int_equal(host_tree_remove(&tmproot.host, "/mnt/tree", &e), 0);
	assert_string_equal(tmproot_read("/a/dir/file"), "text");
	assert_int_equal(host_tree_remove(&tmproot.host, "/mnt/none", &e), 0);
}

static void test_measure(void **state)
{
	struct host_tree_size size;
	struct err e = {0};

	(void)state;
	make_tree();
	assert_int_equal(host_tree_measure(&tmproot.host, "/a", &size, &e), 0);
	assert_int_equal(size.entries, 8);
	assert_true(size.bytes < 1024 * 1024);
	assert_int_equal(host_tree_measure(&tmproot.host, "/b", &size, &e), -ENOENT);
	assert_int_equal(host_tree_is_empty(&tmproot.host, "/a", &e), 0);
	assert_int_equal(host_tree_is_empty(&tmproot.host, "/mnt", &e), 1);
	assert_int_equal(host_tree_is_empty(&tmproot.host, "/b", &e), -ENOENT);
	assert_int_equal(host_tree_room(&tmproot.host, "/a", &size, &e), 0);
	assert_true(size.bytes > 0);
}

static void test_make_like(void **state)
{
	struct err e = {0};

	(void)state;
	make_tree();
	assert_int_equal(
		host_tree_make_like(&tmproot.host, "/mnt/c", "/a/dir", &lost, &e), 1);
	assert_int_equal(status("/mnt/c").st_mode & 07777, 01711);
	assert_return_code(chmod(real("/mnt/c"), 0700), errno);
	assert_int_equal(
		host_tree_make_like(&tmproot.host, "/mnt/c", "/a/dir", &lost, &e), 0);
	assert_int_equal(status("/mnt/c").st_mode & 07777, 0700);
}

/* A directory whose attributes could not be set is none that an earlier run made. */
static void test_make_like_fails(void **state)
{
	struct err e = {0};

	(void)state;
	if (geteuid() != 0)
		skip();
	make_tree();
	assert_return_code(chmod(tmproot.path, 0755), errno);
	assert_return_code(chmod(real("/a"), 0755), errno);
	assert_return_code(chmod(real("/a/dir"), 0755), errno);
	assert_return_code(chown(real("/mnt"), 65534, 65534), errno);
	assert_return_code(seteuid(65534), errno);
	assert_int_equal(
		host_tree_make_like(&tmproot.host, "/mnt/c", "/a/dir", &lost, &e),
		-EPERM);
	assert_return_code(seteuid(0), errno);
	assert_part(e.text, "make /mnt/c like /a/dir: set its owner");
	assert_int_equal(access(real("/mnt/c"), F_OK), -1);
	assert_int_equal(access(real("/mnt/c.hosttune-unfinished"), F_OK), -1);
	assert_int_equal(
		host_tree_make_like(&tmproot.host, "/mnt/c", "/a/dir", &lost, &e), 1);
	assert_int_equal(status("/mnt/c").st_uid, 0);
}

/* --- extended attributes ------------------------------------------------------------ */

static const char *const attributed[] = {"/a", "/a/dir", "/a/empty", "/a/link",
                                         "/a/fifo"};

/* Only root may set those of some types, and a file system may have none. */
static void set_attribute(const char *path, const char *name, const char *value)
{
	int r = lsetxattr(real(path), name, value, strlen(value), 0);

	if (r < 0 && (errno == EPERM || errno == ENOTSUP))
		skip();
	assert_return_code(r, errno);
}

static const char *attribute(const char *path, const char *name)
{
	char value[64] = "(none)";
	ssize_t n = lgetxattr(real(path), name, value, sizeof(value) - 1);

	return keep_text(n < 0 ? mem_dup("(none)") : mem_dup_n(value, (size_t)n));
}

static const char *copied(const char *path)
{
	return keep_text(mem_format("/mnt/b%s", path + 2));
}

static void test_xattrs(void **state)
{
	uint64_t sockets = 0;
	struct err e;

	(void)state;
	make_tree();
	for (size_t i = 0; i < ARRAY_SIZE(attributed); i++) {
		set_attribute(attributed[i], "trusted.test", attributed[i]);
		set_attribute(attributed[i], "security.selinux", "system_u:object_r:x_t");
	}
	assert_int_equal(copy("/mnt/b", &sockets, &e), 0);
	for (size_t i = 0; i < ARRAY_SIZE(attributed); i++) {
		const char *to = copied(attributed[i]);

		assert_string_equal(attribute(to, "trusted.test"), attributed[i]);
		assert_string_equal(attribute(to, "security.selinux"),
		                    "system_u:object_r:x_t");
	}
	assert_int_equal(lost.labels.n, 0);
}

/* An attribute that the copy has and the original has not is removed. */
static void test_xattr_of_copy(void **state)
{
	struct err e = {0};
	int from, to;

	(void)state;
	make_tree();
	tmproot_dir("/mnt/b");
	set_attribute("/mnt/b", "trusted.inherited", "x");
	from = open(real("/a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open(real("/mnt/b"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(xattrs_copy((struct walk_dirs){from, to}, ".", &lost.labels, &e),
	                 0);
	assert_string_equal(attribute("/mnt/b", "trusted.inherited"), "(none)");
	(void)close(from);
	(void)close(to);
}

/* The comparison sees each attribute of each type of entry. */
static void test_compare(void **state)
{
	uint64_t sockets;
	struct err e;
	int from, to;

	(void)state;
	make_tree();
	assert_int_equal(copy("/mnt/b", &sockets, &e), 0);
	from = open(real("/a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open(real("/mnt/b"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(walk_compare(from, to, (struct deadline){0}, &e), 0);
	for (size_t i = 0; i < ARRAY_SIZE(attributed); i++) {
		const char *path = copied(attributed[i]);

		set_attribute(path, "trusted.more", "x");
		assert_int_equal(walk_compare(from, to, (struct deadline){0}, &e),
		                 -EBADMSG);
		set_attribute(attributed[i], "trusted.more", "y");
		assert_int_equal(walk_compare(from, to, (struct deadline){0}, &e),
		                 -EBADMSG);
		set_attribute(attributed[i], "trusted.more", "x");
		assert_int_equal(walk_compare(from, to, (struct deadline){0}, &e), 0);
		/* labels belong to the policy */
		set_attribute(path, "security.selinux", "other");
		assert_int_equal(walk_compare(from, to, (struct deadline){0}, &e), 0);
	}
	(void)close(from);
	(void)close(to);
}

static void test_compare_link(void **state)
{
	uint64_t sockets;
	struct err e;
	struct timespec times[2];
	int from, to;

	(void)state;
	make_tree();
	assert_int_equal(copy("/mnt/b", &sockets, &e), 0);
	times[0] = status("/a/link").st_atim;
	times[1] = status("/a/link").st_mtim;
	assert_return_code(unlink(real("/mnt/b/link")), errno);
	tmproot_link("/mnt/b/link", "/etc/passwx");
	assert_return_code(
		utimensat(AT_FDCWD, real("/mnt/b/link"), times, AT_SYMLINK_NOFOLLOW),
		errno);
	times[1] = status("/a").st_mtim;
	assert_return_code(utimensat(AT_FDCWD, real("/mnt/b"), times, 0), errno);
	from = open(real("/a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open(real("/mnt/b"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(walk_compare(from, to, (struct deadline){0}, &e), -EBADMSG);
	assert_part(e.text, "link: differs from its copy");
	(void)close(from);
	(void)close(to);
}

/* In a child with its own mount namespace: what is mounted there ends with it. */
static int measure_with_mount(const char *source, const char *target)
{
	struct host_tree_size size;
	struct err e = {0};
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (unshare(CLONE_NEWNS) < 0 ||
		    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		    mount(source, target, NULL, MS_BIND, NULL) < 0)
			_exit(255);
		/* the open root is in the old namespace */
		tmproot.host.root_fd = open(tmproot.path, O_PATH | O_DIRECTORY);
		_exit(-host_tree_measure(&tmproot.host, "/a", &size, &e));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Also a mount of the same file system, and one of a file. */
static void test_mounts(void **state)
{
	struct host_tree_size size;
	struct err e = {0};
	int r;

	(void)state;
	make_tree();
	r = measure_with_mount(real("/a/empty"), real("/a/dir/file"));
	if (r == 255)
		skip();
	assert_int_equal(r, EXDEV);
	assert_int_equal(measure_with_mount(real("/mnt"), real("/a/dir")), EXDEV);
	assert_int_equal(host_tree_measure(&tmproot.host, "/a", &size, &e), 0);
}

/* A directory that cannot be opened is not an empty one. */
static void test_no_descriptors(void **state)
{
	int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct rlimit limit, few;
	struct host_tree_size size;
	struct err e = {0};

	(void)state;
	(void)close(next);
	tmproot_write("/a/1/2/3/4/5/6/file", "text");
	assert_return_code(getrlimit(RLIMIT_NOFILE, &limit), errno);
	for (int n = 3; n <= 7; n++) {
		few = (struct rlimit){(rlim_t)(next + n), limit.rlim_max};
		assert_return_code(setrlimit(RLIMIT_NOFILE, &few), errno);
		assert_int_equal(host_tree_measure(&tmproot.host, "/a", &size, &e),
		                 -EMFILE);
		assert_return_code(setrlimit(RLIMIT_NOFILE, &limit), errno);
	}
	assert_int_equal(host_tree_measure(&tmproot.host, "/a", &size, &e), 0);
	assert_int_equal(size.entries, 7);
}

/* What is left of a removal that was cut short counts as no copy. */
static void test_remove_cut_short(void **state)
{
	int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct rlimit limit, few;
	uint64_t sockets;
	struct err e = {0};

	(void)state;
	(void)close(next);
	make_tree();
	tmproot_write("/mnt/b/1/2/3/4/5/6/7/8/file", "text");
	assert_return_code(getrlimit(RLIMIT_NOFILE, &limit), errno);
	few = (struct rlimit){(rlim_t)(next + 8), limit.rlim_max};
	assert_return_code(setrlimit(RLIMIT_NOFILE, &few), errno);
	assert_int_equal(host_tree_remove(&tmproot.host, "/mnt/b", &e), -EMFILE);
	assert_return_code(setrlimit(RLIMIT_NOFILE, &limit), errno);
	assert_int_equal(access(real("/mnt/b"), F_OK), -1);
	assert_int_equal(access(real("/mnt/b.hosttune-unfinished/1/2"), F_OK), 0);
	assert_int_equal(copy("/mnt/b", &sockets, &e), 0);
	assert_int_equal(access(real("/mnt/b/1"), F_OK), -1);
	assert_int_equal(access(real("/mnt/b.hosttune-unfinished"), F_OK), -1);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "copy", test_copy);
	suite_test(&s, "interrupted, and repeated", test_again);
	suite_test(&s, "deadline", test_deadline);
	suite_test(&s, "links", test_links);
	suite_test(&s, "measure", test_measure);
	suite_test(&s, "make a directory like another", test_make_like);
	suite_test(&s, "make a directory like another, and fail", test_make_like_fails);
	suite_test(&s, "extended attributes of each type of entry", test_xattrs);
	suite_test(&s, "extended attributes of the copy alone", test_xattr_of_copy);
	suite_test(&s, "comparing extended attributes", test_compare);
	suite_test(&s, "comparing links", test_compare_link);
	suite_test(&s, "mounts inside the tree", test_mounts);
	suite_test(&s, "no descriptor is left", test_no_descriptors);
	suite_test(&s, "a removal that is cut short", test_remove_cut_short);
	return suite_run(&s);
}
