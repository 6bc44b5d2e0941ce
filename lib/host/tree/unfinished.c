/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/tree/unfinished.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/tree/tree.h"
#include "host/tree/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".hosttune-unfinished"

static char *unfinished_path(const char *path)
{
	return mem_format("%s" SUFFIX, path);
}

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int open_parent(const struct host *h, const char *path, struct err *e)
{
	_free_ char *above = mem_dup_n(path, (size_t)(name_of(path) - 1 - path));

	return walk_open(h, *above ? above : "/", e);
}

/* Rename a directory to another name beside it, and sync the directory of both. */
static int rename_beside(struct host *h, const char *from, const char *to, struct err *e)
{
	_close_ int parent = open_parent(h, from, e);

	if (parent < 0)
		return parent;
	/* if the directory exists, this only works while it is empty */
	if (renameat(parent, name_of(from), parent, name_of(to)) < 0)
		return err_errno(e, errno, "rename %s to %s", from, to);
	return fsync(parent) < 0 ? err_errno(e, errno, "sync the directory of %s", to)
	                         : 0;
}

int unfinished_make(struct host *h, const char *path, struct err *e)
{
	_free_ char *unfinished = unfinished_path(path);
	int r = unfinished_remove(h, path, e);

	if (r == 0)
		r = host_file_mkdir(h, unfinished, 0700, e);
	return r < 0 ? r : walk_open(h, unfinished, e);
}

int unfinished_finish(struct host *h, const char *path, struct err *e)
{
	_free_ char *unfinished = unfinished_path(path);

	return rename_beside(h, unfinished, path, e);
}

/* --- removing ---------------------------------------------------------------------- */

static int remove_file(struct walk *w, struct walk_dirs in, const char *name,
                       const struct stat *st)
{
	if (S_ISDIR(st->st_mode) || unlinkat(in.from, name, 0) == 0)
		return 0;
	return err_errno(w->e, errno, "remove %s", w->path.text);
}

static int remove_dir(struct walk *w, struct walk_dirs in, struct walk_dirs at,
                      const char *name, const struct stat *st)
{
	(void)at;
	(void)st;
	if (unlinkat(in.from, name, AT_REMOVEDIR) == 0)
		return 0;
	return err_errno(w->e, errno, "remove %s", w->path.text);
}

int unfinished_remove(struct host *h, const char *path, struct err *e)
{
	/* finish a removal even after the deadline, so that it is not left half done */
	struct walk w = {.e = e, .visit = remove_file, .leave = remove_dir};
	_free_ char *unfinished = unfinished_path(path);
	_close_ int fd = walk_open(h, unfinished, e);
	_close_ int parent = -1;
	int r;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	parent = open_parent(h, unfinished, e);
	r = parent < 0 ? parent : walk_tree(&w, (struct walk_dirs){fd, -1});
	if (r == 0 && unlinkat(parent, name_of(unfinished), AT_REMOVEDIR) < 0)
		r = err_errno(e, errno, "remove %s", name_of(unfinished));
	return r < 0 ? err_wrap(e, "remove %s", unfinished) : 0;
}

int host_tree_remove(struct host *h, const char *path, struct err *e)
{
	_free_ char *unfinished = unfinished_path(path);
	_close_ int fd = walk_open(h, path, e);
	int r;

	if (fd == -ENOENT)
		return 0;
	r = fd < 0 ? fd : unfinished_remove(h, path, e);
	if (r == 0)
		r = rename_beside(h, path, unfinished, e);
	return r < 0 ? r : unfinished_remove(h, path, e);
}

int host_tree_remove_copy(struct host *h, const char *copy, const char *of, struct err *e)
{
	_close_ int fd = walk_open(h, copy, e), original = -1;
	int r;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	r = original = walk_open(h, of, e);
	/* in this direction, the comparison finds all that only the copy has */
	if (r >= 0)
		r = walk_compare(fd, original, h->deadline, e);
	if (r == -EBADMSG)
		return err_set(e, r,
		               "it differs from %s, and may hold what was written to it",
		               of);
	return r < 0 ? r : host_tree_remove(h, copy, e);
}
