/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/atomic_write.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int host_atomic_write_write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

int atomic_write(const char *path, const char *text, struct err *e)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	/* hidden, and with another suffix: collectors of "*.prom" ignore it */
	_free_ char *temporary =
		mem_format("%.*s.%s.new", (int)(name - path), path, name);
	_close_ int fd = -1;
	int r;

	(void)unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_errno(e, errno, "create %s", temporary);
	r = host_atomic_write_write_all(fd, text, strlen(text));
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(temporary);
	return r < 0 ? err_errno(e, -r, "write %s", path) : 0;
}
