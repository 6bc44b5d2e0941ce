/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/lock.h"

#include "base/mem.h"
#include "host/file.h"

#include <errno.h>
#include <sys/file.h>

int lock_take(struct host *h, struct err *e)
{
	_close_ int fd = -1;
	int r = host_file_mkdir(h, "/run/hosttune", 0755, e);

	if (r < 0)
		return err_wrap(e, "lock " LOCK_PATH);
	fd = host_file_create(h, LOCK_PATH, 0600, e);
	if (fd < 0)
		return err_wrap(e, "lock " LOCK_PATH);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return TAKE_FD(fd);
	if (errno != EWOULDBLOCK)
		return err_errno(e, errno, "lock " LOCK_PATH);
	return err_set(e, -EWOULDBLOCK,
	               "another run of hosttune holds the lock " LOCK_PATH
	               " (wait for it to end)");
}
