/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/file.h"

#include "base/buf.h"
#include "base/mem.h"
#include "host/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LINE_MAX_BYTES (64 * 1024)

/* openat2() beneath the root needs a relative path. */
static const char *relative(const char *path)
{
	while (*path == '/')
		path++;
	return *path ? path : ".";
}

static int permission_hint(int code, struct err *e)
{
	if ((code == -EACCES || code == -EPERM) && geteuid() != 0)
		return err_hint(e, "run as root");
	return code;
}

static int open_at(const struct host *h, const char *path, int flags, mode_t mode,
                   unsigned resolve, struct err *e)
{
	/* openat2() is strict: O_PATH opens nothing, so it rejects O_NOCTTY */
	int more = O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY);
	struct open_how how = {.flags = (unsigned)(flags | more),
	                       .mode = mode,
	                       .resolve = resolve & RESOLVE_IN_ROOT
	                                          ? resolve
	                                          : RESOLVE_BENEATH | resolve};
	long fd;

	/* EAGAIN: a rename raced with the look-up; the kernel asks to retry */
	do
		fd = syscall(SYS_openat2, h->root_fd, relative(path), &how, sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	if (fd < 0)
		return permission_hint(err_errno(e, errno, "open %s", path), e);
	return (int)fd;
}

int host_file_open(const struct host *h, const char *path, int flags, struct err *e)
{
	if ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)))
		return err_set(e, -EINVAL, "open %s: only read access is allowed", path);
	return open_at(h, path, flags, 0, 0, e);
}

int host_file_stat(const struct host *h, const char *path, struct stat *ret,
                   struct err *e)
{
	_close_ int fd = open_at(h, path, O_PATH, 0, 0, e);

	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? err_errno(e, errno, "stat %s", path) : 0;
}

bool host_file_exists(const struct host *h, const char *path)
{
	struct err ignored;
	_close_ int fd = open_at(h, path, O_PATH, 0, 0, &ignored);

	return fd >= 0;
}

bool host_file_exists_in_root(const struct host *h, const char *path)
{
	struct err ignored;
	_close_ int fd = open_at(h, path, O_PATH, 0, RESOLVE_IN_ROOT, &ignored);

	return fd >= 0;
}

int host_file_read(const struct host *h, const char *path, size_t max, char **ret_text,
                   struct err *e)
{
	_close_ int fd = open_at(h, path, O_RDONLY, 0, 0, e);
	_buf_ struct buf text = {0};
	char chunk[8192];
	ssize_t n;

	if (fd < 0)
		return fd;
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, errno, "read %s", path);
		if (text.len + (size_t)n > max)
			return err_set(e, -EFBIG, "read %s: more than %zu bytes", path,
			               max);
		buf_add_n(&text, chunk, (size_t)n);
	}
	*ret_text = buf_take(&text);
	return 0;
}

int host_file_read_line(const struct host *h, const char *path, char **ret_text,
                        struct err *e)
{
	char *text;
	size_t len;
	int r = host_file_read(h, path, LINE_MAX_BYTES, &text, e);

	if (r < 0)
		return r;
	len = strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
	*ret_text = text;
	return 0;
}

static int host_file_compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int host_file_list(const struct host *h, const char *path, char ***ret_names,
                   struct err *e)
{
	int fd = open_at(h, path, O_RDONLY | O_DIRECTORY, 0, 0, e);
	char **names = NULL;
	size_t n = 0, cap = 0;
	struct dirent *entry;
	DIR *dir;
	int r;

	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		(void)close(fd);
		return err_errno(e, errno, "read directory %s", path);
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		names = mem_grow(names, &cap, n + 1, sizeof(*names));
		names[n++] = mem_dup(entry->d_name);
	}
	/* half a list is no list */
	r = errno ? err_errno(e, errno, "read directory %s", path) : 0;
	(void)closedir(dir);
	names = mem_resize(names, n + 1, sizeof(*names));
	names[n] = NULL;
	if (r < 0) {
		names_free(names);
		return r;
	}
	qsort(names, n, sizeof(*names), host_file_compare_names);
	*ret_names = names;
	return 0;
}

void names_free(char **names)
{
	for (size_t i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

void names_freep(char ***names)
{
	names_free(*names);
}

int host_file_write(struct host *h, const char *path, const char *text, struct err *e)
{
	_close_ int fd = open_at(h, path, O_WRONLY | O_TRUNC, 0, RESOLVE_NO_SYMLINKS, e);
	_free_ char *line = mem_format("%s\n", text);
	size_t len = strlen(line);
	ssize_t n;

	if (fd < 0)
		return fd;
	do
		n = write(fd, line, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return permission_hint(
			err_errno(e, errno, "write \"%s\" to %s", text, path), e);
	/*
	 * The newline does not count: Linux 6.1 returns 1 for all that is written to
	 * net.ipv6.conf.*.ignore_routes_with_linkdown (net/ipv6/addrconf.c).
	 */
	if ((size_t)n + 1 < len)
		return err_set(e, -EIO,
		               "write \"%s\" to %s: only %zd of %zu bytes written", text,
		               path, n, len);
	return 0;
}

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
	_free_ char *copy = mem_dup(relative(path));
	_close_ int fd = open_at(h, ".", O_PATH | O_DIRECTORY, 0, 0, e);
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
			return permission_hint(err_errno(e, -made,
			                                 "make directory %s: at \"%s\"",
			                                 path, name),
			                       e);
		(void)close(fd);
		fd = below;
	}
	return made;
}

int host_file_set_owner(struct host *h, const char *path,
                        const struct host_file_owner *owner, struct err *e)
{
	_close_ int fd =
		open_at(h, path, O_RDONLY | O_DIRECTORY, 0, RESOLVE_NO_SYMLINKS, e);

	if (fd < 0)
		return fd;
	/* set the owner first: changing it clears the set-id bits */
	if ((owner->uid >= 0 || owner->gid >= 0) &&
	    fchown(fd, (uid_t)owner->uid, (gid_t)owner->gid) < 0)
		return err_errno(e, errno, "change the owner of %s", path);
	if (owner->mode >= 0 && fchmod(fd, (mode_t)owner->mode) < 0)
		return err_errno(e, errno, "change the mode of %s", path);
	return 0;
}

int host_file_create(struct host *h, const char *path, mode_t mode, struct err *e)
{
	return open_at(h, path, O_RDWR | O_CREAT, mode, RESOLVE_NO_SYMLINKS, e);
}

int host_file_open_device(struct host *h, const char *path, int flags, struct err *e)
{
	return open_at(h, path, O_RDWR | flags, 0, RESOLVE_NO_SYMLINKS, e);
}
