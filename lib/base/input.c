/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/input.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
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
