/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/tree/copy_file.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int write_all(int fd, const char *data, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, data, n, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? -errno : -EIO;
		data += done;
		n -= (size_t)done;
		at += done;
	}
	return 0;
}

static int copy_range(int from, int to, off_t at, off_t end, char *chunk,
                      struct deadline until)
{
	while (at < end) {
		size_t n = end - at < COPY_CHUNK ? (size_t)(end - at) : COPY_CHUNK;
		ssize_t got = walk_read(from, chunk, n, at);
		int r = got < 0 ? (int)got : write_all(to, chunk, (size_t)got, at);

		if (r < 0)
			return r;
		if (deadline_expired(until))
			return -ETIMEDOUT;
		if (got == 0)
			break;
		at += got;
	}
	return 0;
}

/* Preserve holes; a file system without support for them reports everything as data. */
static int copy_content(int from, int to, off_t size, char *chunk, struct deadline until)
{
	off_t at = 0;
	int r = ftruncate(to, size) < 0 ? -errno : 0;

	while (r == 0 && at < size) {
		off_t data = lseek(from, at, SEEK_DATA), hole;

		if (data < 0 && errno == ENXIO)
			break;
		if (data < 0)
			return -errno;
		hole = lseek(from, data, SEEK_HOLE);
		if (hole < 0)
			return -errno;
		r = copy_range(from, to, data, hole, chunk, until);
		at = hole;
	}
	return r;
}

int copy_file(struct walk_dirs in, const char *name, const struct stat *st, char *chunk,
              struct deadline until)
{
	_close_ int from =
		openat(in.from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	_close_ int to = -1;
	struct stat now;

	if (from < 0 || fstat(from, &now) < 0)
		return -errno;
	if (!S_ISREG(now.st_mode) || now.st_ino != st->st_ino)
		return -ESTALE;
	to = openat(in.to, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	            0600);
	if (to < 0)
		return -errno;
	return copy_content(from, to, now.st_size, chunk, until);
}
