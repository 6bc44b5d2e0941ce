/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/input.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Whether a signal or the deadline came is looked up this often. */
#define WAIT_MS 1000

/* Linux, Documentation/admin-guide/devices.txt: of /dev/null and /dev/kmsg */
#define MEMORY_DEVICES 1
#define MINOR_NULL     3
#define MINOR_KMSG     11

static int check_type(const struct stat *st, bool kmsg, struct err *e)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
	case S_IFIFO: return 0;
	case S_IFDIR: return err_set(e, -EISDIR, "is a directory");
	case S_IFSOCK: return err_set(e, -EINVAL, "is a socket");
	case S_IFBLK: return err_set(e, -EINVAL, "is a block device");
	default: break;
	}
	if (st->st_rdev == makedev(MEMORY_DEVICES, MINOR_NULL) ||
	    (kmsg && st->st_rdev == makedev(MEMORY_DEVICES, MINOR_KMSG)))
		return 0;
	return err_set(e, -EINVAL, "is a character device");
}

/*
 * The number of a descriptor that the path names, such as /dev/stdin, or /dev/fd/63 of
 * "<(command)". Opening it again would wait for a writer, who may have ended. -1: none.
 */
static int input_named(const char *path)
{
	static const char *const dirs[] = {"/dev/fd/", "/proc/self/fd/"};

	if (strcmp(path, "/dev/stdin") == 0)
		return STDIN_FILENO;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		size_t len = strlen(dirs[i]);
		uint64_t n;

		if (strncmp(path, dirs[i], len) == 0 && num_u64(path + len, &n) == 0 &&
		    n <= INT_MAX)
			return (int)n;
	}
	return -1;
}

int input_open(int dir, const char *path, bool kmsg, struct err *e)
{
	_close_ int fd = -1;
	struct stat st;
	int r;

	if (fstatat(dir, path, &st, 0) < 0)
		return err_errno(e, errno, "cannot be opened");
	r = check_type(&st, kmsg, e);
	if (r < 0)
		return r;
	if (S_ISFIFO(st.st_mode) && input_named(path) >= 0)
		fd = fcntl(input_named(path), F_DUPFD_CLOEXEC, 0);
	else
		fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(e, errno, "cannot be opened");
	/* the path may name another file by now */
	r = check_type(&st, kmsg, e);
	return r < 0 ? r : TAKE_FD(fd);
}

int input_wait(int fd, struct deadline until, struct err *e)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	/* poll() ignores it */
	if (fd < 0)
		return err_errno(e, EBADF, "cannot be read");
	for (;;) {
		int r;

		if (deadline_expired(until))
			return err_set(e, -ETIME, "%s", deadline_reason(until));
		r = poll(&pfd, 1, deadline_left_ms(until, WAIT_MS));
		if (r > 0)
			return 0;
		if (r < 0 && errno != EINTR)
			return err_errno(e, errno, "cannot be read");
	}
}

ssize_t input_read(int fd, void *data, size_t size, struct deadline until, struct err *e)
{
	for (;;) {
		int r = input_wait(fd, until, e);
		ssize_t n;

		if (r < 0)
			return r;
		n = read(fd, data, size);
		if (n >= 0)
			return n;
		if (errno != EINTR && errno != EAGAIN)
			return err_errno(e, errno, "cannot be read");
	}
}
