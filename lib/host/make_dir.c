/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* host_file_mkdir() */
#include "base/mem.h"
#include "host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/*
 * Give a new directory the mode that was asked for: with a umask of 077 nobody but root
 * could reach what is mounted below it. The set-group-ID bit comes from its parent.
 */
static int ignore_umask(int fd, mode_t mode)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if ((st.st_mode & 0777) == mode)
		return 1;
	/* not fchmod(): the descriptor is O_PATH */
	return fchmodat(fd, ".", mode | (st.st_mode & S_ISGID), 0) < 0 ? -errno : 1;
}

/* Return: 1 if the directory was made, 0 if it existed, -errno. *ret_fd is -1 or open. */
static int make_below(int parent, const char *name, mode_t mode, int *ret_fd)
{
	int made = mkdirat(parent, name, mode) == 0;
	struct stat st;

	if (!made && errno != EEXIST)
		return -errno;
	*ret_fd = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*ret_fd < 0 && errno == ENOTDIR &&
	    fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return -ELOOP;
	if (*ret_fd < 0)
		return errno ? -errno : -ENOTDIR;
	return made ? ignore_umask(*ret_fd, mode) : 0;
}

int host_file_mkdir(struct host *h, const char *path, mode_t mode, struct err *e)
{
	_free_ char *copy = mem_dup(path);
	_close_ int fd = host_file_open(h, "/", O_PATH | O_DIRECTORY, e);
	char *rest = copy, *name;
	int made = 0;

	if (fd < 0)
		return fd;
	while ((name = strsep(&rest, "/"))) {
		int below = -1;

		if (!*name)
			continue;
		if (strcmp(name, "..") == 0)
			return err_set(e, -EINVAL, "make directory %s: contains \"..\"",
			               path);
		made = make_below(fd, name, mode, &below);
		if (made < 0 && below >= 0)
			(void)close(below);
		if (made < 0)
			return host_file_hint(err_errno(e, -made,
			                                "make directory %s: at \"%s\"",
			                                path, name),
			                      e);
		(void)close(fd);
		fd = below;
	}
	return made;
}
