/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bundle/save.h"

#include "base/beside.h"
#include "base/mem.h"
#include "base/stop.h"
#include "bundle/archive.h"
#include "bundle/bundle.h"
#include "doc/json.h"
#include "doc/node.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS 16

static bool ends_in(const char *path, const char *suffix)
{
	size_t len = strlen(path), n = strlen(suffix);

	return len > n && strcmp(path + len - n, suffix) == 0;
}

static bool is_archive(const char *path)
{
	return ends_in(path, ".tar") || ends_in(path, ".tar.zst");
}

/* Whether the directory has no entries: 1, 0 or -errno. */
static int is_empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int n = 0;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	(void)closedir(dir);
	return n == 0;
}

int bundle_save_check(const char *path, struct err *e)
{
	struct stat st;

	if (!*path)
		return err_set(e, -EINVAL, "the path of the bundle is empty");
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(e, errno, "%s", path);
	if (S_ISLNK(st.st_mode))
		return err_set(e, -ELOOP, "%s: is a symbolic link", path);
	if (is_archive(path))
		return S_ISREG(st.st_mode)
		               ? 0
		               : err_set(e, -EEXIST, "%s: is not a file", path);
	if (!S_ISDIR(st.st_mode)) {
		(void)err_set(e, -EEXIST, "%s: exists and is not a directory", path);
		return err_hint(e, "for a file, end its name in .tar.zst or .tar");
	}
	return is_empty(path) == 1
	               ? 0
	               : err_set(e, -ENOTEMPTY, "%s: is a directory that is not empty",
	                         path);
}

/* After a signal, what was written disappears. */
static int put_in_place(const char *temporary, const char *path, struct err *e)
{
	if (stop_signal())
		return err_set(e, -EINTR, "%s: %s", path, stop_reason());
	return rename(temporary, path) < 0 ? err_errno(e, errno, "write %s", path) : 0;
}

static int save_file(const struct bundle *b, const char *manifest, const char *path,
                     struct err *e)
{
	_free_ char *temporary = beside(path);
	_close_ int fd = mkostemp(temporary, O_CLOEXEC);
	int r;

	if (fd < 0)
		return err_errno(e, errno, "create %s", temporary);
	r = archive_save(b, manifest, fd, ends_in(path, ".zst"), e);
	if (r == 0 && fsync(fd) < 0)
		r = err_errno(e, errno, "write %s", temporary);
	if (r == 0)
		r = put_in_place(temporary, path, e);
	if (r < 0)
		(void)unlink(temporary);
	return r;
}

static int write_file(int top, const char *path, const char *data, size_t len,
                      struct err *e)
{
	_close_ int fd = openat(
		top, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	ssize_t n;

	if (fd < 0)
		return err_errno(e, errno, "create %s", path);
	for (size_t done = 0; done < len; done += (size_t)n) {
		n = write(fd, data + done, len - done);
		if (n < 0 && errno != EINTR)
			return err_errno(e, errno, "write %s", path);
		n = n < 0 ? 0 : n;
	}
	return 0;
}

/* Make the directories above `path`, which is not absolute. */
static int make_above(int top, const char *path, struct err *e)
{
	_free_ char *above = mem_dup(path);

	for (char *p = above; (p = strchr(p, '/')); *p++ = '/') {
		*p = '\0';
		if (mkdirat(top, above, 0700) < 0 && errno != EEXIST)
			return err_errno(e, errno, "create %s", above);
	}
	return 0;
}

/* A directory needs no library, which a container image may lack. */
static int write_tree(const struct bundle *b, const char *manifest, const char *dir,
                      struct err *e)
{
	_close_ int top = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int r = top < 0 ? err_errno(e, errno, "open %s", dir)
	                : write_file(top, "manifest.json", manifest, strlen(manifest), e);

	for (size_t i = 0; r == 0 && i < b->n; i++) {
		const struct bundle_file *f = &b->files[i];
		_free_ char *path = mem_format("root%s%s", f->path, f->data ? "" : "/");

		r = make_above(top, path, e);
		if (r == 0 && f->data)
			r = write_file(top, path, f->data, f->len, e);
	}
	return r;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	(void)remove(path);
	return 0;
}

static int save_tree(const struct bundle *b, const char *manifest, const char *path,
                     struct err *e)
{
	_free_ char *temporary = beside(path);
	int r;

	if (!mkdtemp(temporary))
		return err_errno(e, errno, "create %s", temporary);
	r = write_tree(b, manifest, temporary, e);
	if (r == 0)
		r = put_in_place(temporary, path, e);
	if (r < 0)
		(void)nftw(temporary, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
	return r;
}

/* The content of manifest.json; owned by the caller. */
static char *format_manifest(struct bundle *b)
{
	node_set(b->manifest, "files", node_new_uint(b->n));
	return node_json_format(b->manifest, true);
}

int bundle_save_stream(struct bundle *b, int fd, struct err *e)
{
	_free_ char *manifest = format_manifest(b);

	if (stop_signal())
		return err_set(e, -EINTR, "%s", stop_reason());
	return archive_save(b, manifest, fd, false, e);
}

int bundle_save(struct bundle *b, const char *path, struct err *e)
{
	_free_ char *plain = mem_dup(path), *manifest = format_manifest(b);
	size_t len = strlen(plain);

	while (len > 1 && plain[len - 1] == '/')
		plain[--len] = '\0';
	return is_archive(plain) ? save_file(b, manifest, plain, e)
	                         : save_tree(b, manifest, plain, e);
}
