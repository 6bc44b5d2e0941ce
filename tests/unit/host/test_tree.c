/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Copying and removing trees; tests/vm/bind.sh tests owners, devices and times. */
#include "base/mem.h"
#include "base/stop.h"
#include "host/tree.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

static int copy(const char *to, uint64_t *sockets, struct err *e)
{
	*e = (struct err){0};
	return host_tree_copy(&tmproot.host, "/a", to, sockets, e);
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
	assert_int_equal(host_tree_make_like(&tmproot.host, "/mnt/c", "/a/dir", &e), 0);
	assert_int_equal(status("/mnt/c").st_mode & 07777, 01711);
	assert_return_code(chmod(real("/mnt/c"), 0700), errno);
	assert_int_equal(host_tree_make_like(&tmproot.host, "/mnt/c", "/a/dir", &e), 0);
	assert_int_equal(status("/mnt/c").st_mode & 07777, 0700);
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
	return suite_run(&s);
}
