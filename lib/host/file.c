/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/file.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "bundle/bundle.h"
#include "host/host.h"
#include "host/own_namespaces.h"
#include "host/recorded_file.h"

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

int host_file_hint(int code, struct err *e)
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

	if (host_namespaces_check(h, path, e) < 0)
		return e->code;
	/* EAGAIN: a rename raced with the look-up; the kernel asks to retry */
	do
		fd = syscall(SYS_openat2, h->root_fd, relative(path), &how, sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	if (fd < 0)
		return host_file_hint(err_errno(e, errno, "open %s", path), e);
	return (int)fd;
}

int host_file_open(const struct host *h, const char *path, int flags, struct err *e)
{
	if ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)))
		return err_set(e, -EINVAL, "open %s: only read access is allowed", path);
	if (h->bundle)
		return host_namespaces_check(h, path, e) < 0
		               ? e->code
		               : recorded_file_open(h, path, e);
	return open_at(h, path, flags, 0, 0, e);
}

static int stat_live(const struct host *h, const char *path, struct stat *ret,
                     struct err *e)
{
	_close_ int fd = open_at(h, path, O_PATH, 0, 0, e);

	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? err_errno(e, errno, "stat %s", path) : 0;
}

int host_file_stat(const struct host *h, const char *path, struct stat *ret,
                   struct err *e)
{
	if (h->bundle)
		return host_namespaces_check(h, path, e) < 0
		               ? e->code
		               : recorded_file_stat(h, path, ret, e);
	return recorded_file_note(h, path, stat_live(h, path, ret, e), ret, e);
}

int host_file_find(const struct host *h, const char *path, struct err *e)
{
	struct stat st;
	int r = host_file_stat(h, path, &st, e);

	return r == 0 ? 1 : r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

bool host_file_exists(const struct host *h, const char *path)
{
	struct err ignored;

	return host_file_find(h, path, &ignored) > 0;
}

bool host_file_exists_in_root(const struct host *h, const char *path)
{
	struct err ignored;
	_close_ int fd = open_at(h, path, O_PATH, 0, RESOLVE_IN_ROOT, &ignored);

	return fd >= 0;
}

/* What a read of a binary attribute of sysfs ends at (fs/kernfs/file.c). */
#define SYSFS_BLOCK 4096

/*
 * Whether a read that returns `n` bytes, less than it asked for, has read all. A sysctl
 * gives its value to one read (proc_sys_call_handler() in fs/proc/proc_sysctl.c), as does
 * an attribute of sysfs; files of many records, such as /proc/mounts, end a read early.
 */
static bool ends_with_short_read(const char *path, size_t n)
{
	return strncmp(path, "/proc/sys/", strlen("/proc/sys/")) == 0 ||
	       (strncmp(path, "/sys/", strlen("/sys/")) == 0 && n % SYSFS_BLOCK != 0);
}

/* A file that was opened is there, though it may have no value. */
static int unreadable(const char *path, int errnum, struct err *e)
{
	(void)err_errno(e, errnum, "read %s", path);
	if (errnum == ENOENT)
		e->code = -EOPNOTSUPP;
	return e->code;
}

int host_file_read(const struct host *h, const char *path, size_t max, char **ret_text,
                   struct err *e)
{
	/* what should be a file may be a FIFO, whose other end nobody opens */
	_close_ int fd =
		h->bundle ? -1 : open_at(h, path, O_RDONLY | O_NONBLOCK, 0, 0, e);
	_buf_ struct buf text = {0};
	_uninitialized_ char chunk[8192];
	struct stat st;
	ssize_t n;

	if (h->bundle)
		return host_namespaces_check(h, path, e) < 0
		               ? e->code
		               : recorded_file_read(h, path, max, ret_text, e);
	if (fd < 0)
		return fd;
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return unreadable(path, errno, e);
		if (text.len + (size_t)n > max)
			return err_set(e, -EFBIG, "read %s: more than %zu bytes", path,
			               max);
		buf_add_n(&text, chunk, (size_t)n);
		if ((size_t)n < sizeof(chunk) && ends_with_short_read(path, (size_t)n))
			break;
	}
	/* only of these, to save a call for each file */
	if (text.len == 0 && fstat(fd, &st) < 0)
		return err_errno(e, errno, "stat %s", path);
	if (text.len == 0 && S_ISFIFO(st.st_mode))
		return err_set(e, -ENXIO, "read %s: is a FIFO", path);
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
	int fd = h->bundle ? -1 : open_at(h, path, O_RDONLY | O_DIRECTORY, 0, 0, e);
	char **names = NULL;
	size_t n = 0, cap = 0;
	struct dirent *entry;
	DIR *dir;
	int r;

	if (h->bundle)
		return host_namespaces_check(h, path, e) < 0
		               ? e->code
		               : bundle_list(h->bundle, path, ret_names, e);
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
	/* first: the open empties a regular file, and memory may run out */
	_free_ char *line = mem_format("%s\n", text);
	_close_ int fd = open_at(h, path, O_WRONLY | O_TRUNC, 0, RESOLVE_NO_SYMLINKS, e);
	size_t len = strlen(line);
	ssize_t n;

	if (fd < 0)
		return fd;
	do
		n = write(fd, line, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return host_file_hint(
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
