/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/replace.h"

#include "base/mem.h"
#include "base/write_all.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct replacing {
	int dir;          /* its directory */
	const char *name; /* in path */
	char *temporary;  /* the name of the new file */
};

static void replacing_done(struct replacing *x)
{
	if (x->dir >= 0)
		(void)close(x->dir);
	mem_set(&x->temporary, NULL);
}

#define _replacing_ _cleanup_(replacing_done)

/* Not host_file_open(): no link may lead to another directory. */
static int open_directory(const struct host *h, const char *dir)
{
	struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
	                       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
	const char *relative = dir + strspn(dir, "/");
	long fd;

	do
		fd = syscall(SYS_openat2, h->root_fd, *relative ? relative : ".", &how,
		             sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return fd < 0 ? -errno : (int)fd;
}

static int replacing_open(struct replacing *x, const struct host *h, const char *path,
                          struct err *e)
{
	const char *slash = strrchr(path, '/');
	_free_ char *dir = NULL;

	*x = (struct replacing){.dir = -1};
	if (h->bundle)
		return err_set(e, -EROFS, "write %s: a bundle is only read", path);
	if (!slash || !slash[1])
		return err_set(e, -EINVAL, "write %s: names no file", path);
	dir = mem_dup_n(path, (size_t)(slash - path));
	x->name = slash + 1;
	x->temporary = mem_format(".%s" HOST_REPLACE_NEW, x->name);
	x->dir = open_directory(h, dir);
	if (x->dir < 0)
		return host_file_hint(err_errno(e, -x->dir, "open %s", dir), e);
	if (unlinkat(x->dir, x->temporary, 0) < 0 && errno != ENOENT)
		return host_file_hint(err_errno(e, errno, "write %s", path), e);
	return 0;
}

/* Only a synced directory keeps a rename over a crash. */
static int replacing_end(struct replacing *x, const char *path, int r, struct err *e)
{
	if (r == 0 && renameat(x->dir, x->temporary, x->dir, x->name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(x->dir, x->temporary, 0);
	else if (fsync(x->dir) < 0)
		r = -errno;
	return r < 0 ? host_file_hint(err_errno(e, -r, "write %s", path), e) : 0;
}

int host_replace_file(struct host *h, const char *path, const char *text, mode_t mode,
                      struct err *e)
{
	_replacing_ struct replacing x;
	_close_ int fd = -1;
	int r = replacing_open(&x, h, path, e);

	if (r < 0)
		return r;
	fd = openat(x.dir, x.temporary,
	            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return host_file_hint(err_errno(e, errno, "write %s", path), e);
	r = write_all(fd, text, strlen(text));
	/* whatever the umask is */
	if (r == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		r = -errno;
	return replacing_end(&x, path, r, e);
}

int host_replace_link(struct host *h, const char *path, const char *target, struct err *e)
{
	_replacing_ struct replacing x;
	int r = replacing_open(&x, h, path, e);

	if (r < 0)
		return r;
	r = symlinkat(target, x.dir, x.temporary) < 0 ? -errno : 0;
	return replacing_end(&x, path, r, e);
}

int host_replace_remove(struct host *h, const char *path, struct err *e)
{
	_replacing_ struct replacing x;
	int r = replacing_open(&x, h, path, e);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	if (unlinkat(x.dir, x.name, 0) < 0)
		return errno == ENOENT
		               ? 0
		               : host_file_hint(err_errno(e, errno, "remove %s", path),
		                                e);
	return fsync(x.dir) < 0 ? err_errno(e, errno, "remove %s", path) : 0;
}

int host_replace_clear(struct host *h, const char *path, struct err *e)
{
	_replacing_ struct replacing x;
	int r = replacing_open(&x, h, path, e);

	return r == -ENOENT ? 0 : r;
}

int host_replace_remove_empty(struct host *h, const char *path, struct err *e)
{
	_replacing_ struct replacing x;
	int r = replacing_open(&x, h, path, e);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	if (unlinkat(x.dir, x.name, AT_REMOVEDIR) < 0)
		return errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST ||
		                       errno == ENOTDIR
		               ? 0
		               : err_errno(e, errno, "remove %s", path);
	return fsync(x.dir) < 0 ? err_errno(e, errno, "remove %s", path) : 0;
}
