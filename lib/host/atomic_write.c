/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/atomic_write.h"

#include "base/beside.h"
#include "base/mem.h"
#include "base/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The mode of a new file is for everyone who may read the directory, as open() makes one.
 * A file that is replaced keeps its owner, group and mode. Without the right to give it
 * to its group, that of another group may do no more than everyone could.
 */
static int take_place_of(int fd, const char *path)
{
	mode_t mask = umask(0), mode;
	struct stat st;

	(void)umask(mask);
	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return fchmod(fd, 0644 & ~mask);
	mode = st.st_mode & 0777;
	if (fchown(fd, st.st_uid, st.st_gid) < 0 && fchown(fd, (uid_t)-1, st.st_gid) < 0)
		mode &= 0707 | (mode & 0007) << 3;
	return fchmod(fd, mode);
}

/*
 * Create the temporary file for `path`; `temporary` is a template of beside(), and
 * becomes its name.
 */
static int temporary_create(char *temporary, const char *path)
{
	int fd = mkostemp(temporary, O_CLOEXEC);

	if (fd < 0 || take_place_of(fd, path) == 0)
		return fd;
	(void)unlink(temporary);
	(void)close(fd);
	return -1;
}

/* Sync the directory of a file: only then does a rename in it survive a crash. */
static int sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	_free_ char *dir =
		slash ? mem_dup_n(path, (size_t)(slash - path) + 1) : mem_dup(".");
	_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

static int replace(const char *path, const char *text, bool durable, struct err *e)
{
	_free_ char *temporary = beside(path);
	_close_ int fd = temporary_create(temporary, path);
	int r;

	if (fd < 0)
		return err_errno(e, errno, "create %s", temporary);
	r = write_all(fd, text, strlen(text));
	if (r == 0 && durable && fsync(fd) < 0)
		r = -errno;
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(temporary);
	if (r == 0 && durable)
		r = sync_directory(path);
	return r < 0 ? err_errno(e, -r, "write %s", path) : 0;
}

int atomic_write(const char *path, const char *text, struct err *e)
{
	return replace(path, text, false, e);
}

int atomic_write_durable(const char *path, const char *text, struct err *e)
{
	return replace(path, text, true, e);
}

int atomic_write_check(const char *path, struct err *e)
{
	_free_ char *temporary = beside(path);
	_close_ int fd = -1;
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return err_set(e, -EISDIR, "is a directory");
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "is not a regular file");
	if (path[strlen(path) - 1] == '/')
		return err_set(e, -EINVAL, "names no file");
	fd = temporary_create(temporary, path);
	if (fd < 0)
		return err_errno(e, errno, "cannot be written");
	(void)unlink(temporary);
	return 0;
}
