/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysfs/access.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "host/file.h"
#include "host/host.h"
#include "host/process/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#define READ_MS 5000
/* Making huge pages can move much memory first. */
#define WRITE_MS 600000

/* --- finding -------------------------------------------------------------------------
 */

/* What our descriptor leads to: a path of this process, not of the host. */
static char *path_of_fd(int fd)
{
	char link[64], target[PATH_MAX];
	ssize_t len;

	(void)snprintf(link, sizeof(link), "/proc/thread-self/fd/%d", fd);
	len = readlink(link, target, sizeof(target));
	return len > 0 && (size_t)len < sizeof(target) ? mem_dup_n(target, (size_t)len)
	                                               : NULL;
}

/* The host path that a descriptor leads to. */
static char *host_path_of_fd(const struct host *h, int fd)
{
	_free_ char *path = path_of_fd(fd), *root = path_of_fd(h->root_fd);
	size_t len = root ? strlen(root) : 0;

	if (!path || !root)
		return NULL;
	if (strcmp(root, "/") == 0)
		len = 0;
	return strncmp(path, root, len) == 0 && path[len] == '/' ? mem_dup(path + len)
	                                                         : NULL;
}

static enum sysfs_access access_of(const struct host *h, const struct stat *st,
                                   const struct statfs *fs)
{
	if (h->live && fs->f_type != SYSFS_MAGIC)
		return SYSFS_FOREIGN;
	if (!(st->st_mode & 0444))
		return SYSFS_WRITE_ONLY;
	if (!(st->st_mode & 0222))
		return SYSFS_READ_ONLY;
	return (unsigned long)fs->f_flags & ST_RDONLY ? SYSFS_READ_ONLY_MOUNT
	                                              : SYSFS_WRITABLE;
}

/* A bundle has neither links nor modes. */
static int find_in_bundle(const struct host *h, const char *path, char **ret_real,
                          enum sysfs_access *ret, struct err *e)
{
	struct stat st;
	int r = host_file_stat(h, path, &st, e);

	if (r < 0)
		return r;
	*ret_real = mem_dup(path);
	*ret = SYSFS_WRITABLE;
	return S_ISDIR(st.st_mode) ? err_set(e, -EISDIR, "%s: is a directory", path) : 0;
}

int sysfs_access_find(const struct host *h, const char *path, char **ret_real,
                      enum sysfs_access *ret, struct err *e)
{
	_close_ int fd = -1;
	struct statfs fs;
	struct stat st;

	if (h->bundle)
		return find_in_bundle(h, path, ret_real, ret, e);
	fd = host_file_open(h, path, O_PATH, e);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return err_errno(e, errno, "stat %s", path);
	if (S_ISDIR(st.st_mode))
		return err_set(e, -EISDIR, "%s: is a directory", path);
	*ret_real = host_path_of_fd(h, fd);
	if (!*ret_real)
		return err_set(e, -EXDEV, "%s: where it leads to is unknown", path);
	*ret = access_of(h, &st, &fs);
	return 0;
}

/* --- reading -------------------------------------------------------------------------
 */

struct request {
	const struct host *h;
	struct host *writable;
	const char *path, *text;
};

static int read_there(void *arg, char *text, struct err *e)
{
	const struct request *q = arg;
	_free_ char *raw = NULL;
	int r = host_file_read(q->h, q->path, HOST_CHILD_TEXT_MAX - 1, &raw, e);

	if (r == 0)
		(void)snprintf(text, HOST_CHILD_TEXT_MAX, "%s", raw);
	return r;
}

/* A regular file of a captured tree answers at once. */
static bool answers_at_once(const struct host *h, const char *path)
{
	struct err ignored;
	struct stat st;

	return h->bundle || (!h->live && host_file_stat(h, path, &st, &ignored) == 0 &&
	                     S_ISREG(st.st_mode));
}

static bool is_printable(const char *s)
{
	for (; *s; s++)
		if (((unsigned char)*s < ' ' && !strchr("\t\n\r", *s)) ||
		    (unsigned char)*s > '~')
			return false;
	return true;
}

int sysfs_access_read(const struct host *h, const char *path, char **ret, struct err *e)
{
	struct request q = {.h = h, .path = path};
	_free_ char *raw = NULL;
	int r;

	if (answers_at_once(h, path))
		r = host_file_read(h, path, HOST_CHILD_TEXT_MAX - 1, &raw, e);
	else
		r = host_child_run(h, 0, deadline_left_ms(h->deadline, READ_MS),
		                   read_there, &q, &raw, e);
	if (r < 0)
		return r == -ETIMEDOUT || r == -ETIME ? err_wrap(e, "read %s", path) : r;
	if (!is_printable(raw))
		return err_set(e, -EBADMSG, "read %s: is no text", path);
	*ret = words_collapse(raw);
	return 0;
}

/* --- writing -------------------------------------------------------------------------
 */

static int write_there(void *arg, char *text, struct err *e)
{
	const struct request *q = arg;

	(void)text;
	return host_file_write(q->writable, q->path, q->text, e);
}

int sysfs_access_write(struct host *h, const char *real, const char *text, struct err *e)
{
	struct request q = {.writable = h, .path = real, .text = text};
	int r;

	if (!h->live)
		return host_file_write(h, real, text, e);
	r = host_child_run(h, 0, deadline_left_ms(h->deadline, WRITE_MS), write_there, &q,
	                   NULL, e);
	return r == -ETIMEDOUT || r == -ETIME
	               ? err_wrap(e, "write \"%s\" to %s", text, real)
	               : r;
}
