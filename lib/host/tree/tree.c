/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/tree/tree.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/recorded.h"
#include "host/tree/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The unit of st_blocks in stat(2). */
#define BLOCK_BYTES 512

static int host_tree_count(struct walk *w, struct walk_dirs in, const char *name,
                           const struct stat *st)
{
	struct host_tree_size *size = w->arg;

	(void)in;
	(void)name;
	size->bytes += (uint64_t)st->st_blocks * BLOCK_BYTES;
	size->entries++;
	return 0;
}

static int tree_measure(const struct host *h, const char *path,
                        struct host_tree_size *ret, struct err *e)
{
	_close_ int fd = walk_open(h, path, e);
	struct walk w = {
		.until = h->deadline, .e = e, .arg = ret, .visit = host_tree_count};
	int r;

	*ret = (struct host_tree_size){0};
	if (fd < 0)
		return fd;
	r = walk_tree(&w, (struct walk_dirs){fd, -1});
	return r < 0 ? err_wrap(e, "look through %s", path) : 0;
}

/* Stop the walk at the first entry. */
static int stop(struct walk *w, struct walk_dirs in, const char *name,
                const struct stat *st)
{
	(void)in;
	(void)st;
	return err_set(w->e, -ENOTEMPTY, "%s", name);
}

static int tree_is_empty(const struct host *h, const char *path, struct err *e)
{
	_close_ int fd = walk_open(h, path, e);
	struct walk w = {.until = h->deadline, .e = e, .visit = stop};
	int r;

	if (fd < 0)
		return fd;
	r = walk_tree(&w, (struct walk_dirs){fd, -1});
	if (r == -ENOTEMPTY || r == -EXDEV)
		return 0;
	return r < 0 ? err_wrap(e, "look into %s", path) : 1;
}

static int tree_room(const struct host *h, const char *path, struct host_tree_size *ret,
                     struct err *e)
{
	_close_ int fd = walk_open(h, path, e);
	struct statvfs fs;

	if (fd < 0)
		return fd;
	if (fstatvfs(fd, &fs) < 0)
		return err_errno(e, errno, "size of the file system at %s", path);
	*ret = (struct host_tree_size){fs.f_bavail * fs.f_frsize, fs.f_favail};
	return 0;
}

/* --- answers, which a bundle may hold --------------------------------------------------
 */

static int tree_size(const struct host *h, const char *what, const char *path,
                     int (*ask)(const struct host *h, const char *path,
                                struct host_tree_size *ret, struct err *e),
                     struct host_tree_size *ret, struct err *e)
{
	const struct node *known;
	struct node *n = NULL;
	int r = recorded_get(h, what, path, &known, e);

	if (r > 0)
		*ret = (struct host_tree_size){
			recorded_number(known, "bytes", UINT64_MAX),
			recorded_number(known, "entries", UINT64_MAX)};
	if (r != 0)
		return r < 0 ? r : 0;
	r = ask(h, path, ret, e);
	if (r == 0 && h->record) {
		n = node_new(NODE_MAP);
		node_set(n, "bytes", node_new_uint(ret->bytes));
		node_set(n, "entries", node_new_uint(ret->entries));
	}
	return recorded_put(h, what, path, r, e, n);
}

int host_tree_measure(const struct host *h, const char *path, struct host_tree_size *ret,
                      struct err *e)
{
	return tree_size(h, "size", path, tree_measure, ret, e);
}

int host_tree_room(const struct host *h, const char *path, struct host_tree_size *ret,
                   struct err *e)
{
	return tree_size(h, "room", path, tree_room, ret, e);
}

int host_tree_is_empty(const struct host *h, const char *path, struct err *e)
{
	const struct node *known;
	struct node *n = NULL;
	int r = recorded_get(h, "empty", path, &known, e);

	if (r != 0)
		return r < 0 ? r : recorded_flag(known, "empty");
	r = tree_is_empty(h, path, e);
	if (r >= 0 && h->record) {
		n = node_new(NODE_MAP);
		node_set(n, "empty", node_new_bool(r > 0));
	}
	return recorded_put(h, "empty", path, r, e, n);
}
