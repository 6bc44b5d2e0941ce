/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/progress.h"
#include "host/host.h"
#include "host/tree/copied.h"
#include "host/tree/copy_file.h"
#include "host/tree/tree.h"
#include "host/tree/unfinished.h"
#include "host/tree/walk.h"
#include "host/tree/xattr.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file with several names, and where its copy is. */
struct linked {
	ino_t ino;
	char *path;
};

struct copy {
	int top; /* of the copy */
	void *links;
	struct host_tree_lost *lost;
	char *chunk;
};

static int compare_linked(const void *a, const void *b)
{
	ino_t x = ((const struct linked *)a)->ino, y = ((const struct linked *)b)->ino;

	return x < y ? -1 : x > y;
}

static void free_linked(void *p)
{
	struct linked *l = p;

	free(l->path);
	free(l);
}

/* --- attributes -------------------------------------------------------------------- */

/*
 * Copy the attributes of an entry of any type. Owner first, since it clears others; mode
 * after an ACL, which contains it; times last. Return: 0, or -errno with `e` set.
 */
static int copy_attributes(struct walk_dirs in, const char *name, const struct stat *st,
                           struct host_tree_labels *labels, struct err *e)
{
	const struct timespec times[] = {st->st_atim, st->st_mtim};
	int r;

	if (fchownat(in.to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(e, errno, "set its owner");
	r = xattrs_copy(in, name, labels, e);
	if (r < 0)
		return r;
	if (!S_ISLNK(st->st_mode) && fchmodat(in.to, name, st->st_mode & 07777, 0) < 0)
		return err_errno(e, errno, "set its mode");
	if (utimensat(in.to, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(e, errno, "set its times");
	return 0;
}

/* --- one entry --------------------------------------------------------------------- */

/* Return: 1 if it is another name of a file already copied, 0 if not, or -errno. */
static int copy_link(struct walk *w, struct walk_dirs in, const char *name,
                     const struct stat *st)
{
	struct copy *c = w->arg;
	struct linked key = {.ino = st->st_ino}, **slot, *mine;

	if (st->st_nlink < 2)
		return 0;
	slot = tsearch(&key, &c->links, compare_linked);
	if (!slot)
		return -ENOMEM;
	if (*slot != &key)
		return linkat(c->top, (*slot)->path, in.to, name, 0) < 0 ? -errno : 1;
	mine = mem_new(1, sizeof(*mine));
	*mine = (struct linked){st->st_ino, mem_dup(w->path.text)};
	*slot = mine;
	return 0;
}

/* A symbolic link, a device node, a FIFO: they have no content to copy. */
static int copy_special(struct walk_dirs in, const char *name, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t len;

	if (S_ISLNK(st->st_mode)) {
		len = readlinkat(in.from, name, target, sizeof(target) - 1);
		if (len < 0)
			return -errno;
		target[len] = '\0';
		if (symlinkat(target, in.to, name) < 0)
			return -errno;
	} else if (mknodat(in.to, name, st->st_mode, st->st_rdev) < 0) {
		return -errno;
	}
	return 0;
}

static int copy_entry(struct walk *w, struct walk_dirs in, const char *name,
                      const struct stat *st)
{
	struct copy *c = w->arg;
	int r = 0;

	if (S_ISSOCK(st->st_mode)) {
		c->lost->sockets++;
		return 0;
	}
	if (S_ISDIR(st->st_mode))
		r = mkdirat(in.to, name, 0700) < 0 ? -errno : 0;
	else
		r = copy_link(w, in, name, st);
	if (r == 0 && S_ISREG(st->st_mode))
		r = copy_file(in, name, st, c->chunk, w->until);
	else if (r == 0 && !S_ISDIR(st->st_mode))
		r = copy_special(in, name, st);
	if (r < 0)
		return err_errno(w->e, -r, "copy %s", w->path.text);
	/* a directory is still being filled; another name of a file has its attributes */
	if (r > 0 || S_ISDIR(st->st_mode))
		return 0;
	r = copy_attributes(in, name, st, &c->lost->labels, w->e);
	return r < 0 ? err_wrap(w->e, "copy %s", w->path.text) : 0;
}

static int leave_dir(struct walk *w, struct walk_dirs in, struct walk_dirs at,
                     const char *name, const struct stat *st)
{
	struct copy *c = w->arg;
	int r = copy_attributes(in, name, st, &c->lost->labels, w->e);

	(void)at;
	return r < 0 ? err_wrap(w->e, "copy %s", w->path.text) : 0;
}

/* --- the whole tree ---------------------------------------------------------------- */

static int host_tree_copy_fill(struct walk *w, int from, int to)
{
	const struct walk_dirs top = {from, to};
	struct copy *c = w->arg;
	struct stat st;
	int r;

	w->visit = copy_entry;
	w->leave = leave_dir;
	r = walk_tree(w, top);
	if (r == 0 && fstat(from, &st) < 0)
		r = err_errno(w->e, errno, "stat");
	if (r == 0)
		r = copy_attributes(top, ".", &st, &c->lost->labels, w->e);
	if (r == 0 && syncfs(to) < 0)
		r = err_errno(w->e, errno, "sync");
	if (r == 0)
		r = walk_compare(from, to, w->until, w->e);
	return r < 0 ? r : copied_note(to, w->until, w->e);
}

static int copy_into(struct host *h, int from, int to, struct host_tree_lost *ret_lost,
                     struct err *e)
{
	struct copy c = {.top = to, .chunk = mem_new(COPY_CHUNK, 1), .lost = ret_lost};
	struct walk w = {.until = h->deadline, .two = true, .e = e, .arg = &c};
	int r;

	*ret_lost = (struct host_tree_lost){0};
	r = host_tree_copy_fill(&w, from, to);
	tdestroy(c.links, free_linked);
	free(c.chunk);
	return r;
}

int host_tree_copy(struct host *h, const char *from, const char *to,
                   struct host_tree_lost *ret_lost, struct err *e)
{
	_close_ int source = walk_open(h, from, e), fd = -1;
	struct err ignored;
	int r = source;

	if (r >= 0)
		r = fd = unfinished_make(h, to, e);
	progress_start("copy %s", from);
	if (r >= 0)
		r = copy_into(h, source, fd, ret_lost, e);
	progress_end();
	if (r >= 0)
		r = unfinished_finish(h, to, e);
	if (r < 0 && fd >= 0)
		(void)unfinished_remove(h, to, &ignored);
	return r < 0 ? err_wrap(e, "move %s to %s", from, to) : 0;
}

int host_tree_make_like(struct host *h, const char *to, const char *like,
                        struct host_tree_lost *ret_lost, struct err *e)
{
	_close_ int there = walk_open(h, to, e), from = -1, fd = -1;
	struct err ignored;
	struct stat st;
	int r;

	*ret_lost = (struct host_tree_lost){0};
	if (there != -ENOENT)
		return there < 0 ? there : 0;
	r = from = walk_open(h, like, e);
	if (r >= 0)
		r = fd = unfinished_make(h, to, e);
	if (r >= 0 && fstat(from, &st) < 0)
		r = err_errno(e, errno, "stat");
	if (r >= 0)
		r = copy_attributes((struct walk_dirs){from, fd}, ".", &st,
		                    &ret_lost->labels, e);
	if (r >= 0)
		r = unfinished_finish(h, to, e);
	if (r < 0 && fd >= 0)
		(void)unfinished_remove(h, to, &ignored);
	return r < 0 ? err_wrap(e, "make %s like %s", to, like) : 1;
}
