/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_WALK_H
#define HOST_TREE_WALK_H

/* Walk a directory tree, or two identical ones at once; only for tree*.c. */

#include "base/deadline.h"
#include "base/err.h"
#include "base/text/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

struct host;

/* The same directory in both trees; `to` is -1 if there is only one tree. */
struct walk_dirs {
	int from, to;
};

struct walk {
	struct deadline until;
	bool two; /* the second tree has the same directories once they were visited */
	struct err *e;
	void *arg;       /* argument of the functions below */
	struct buf path; /* of the entry, relative to the top of the tree, for messages */

	/* Called for each entry, for a directory before its content. */
	int (*visit)(struct walk *w, struct walk_dirs in, const char *name,
	             const struct stat *st);
	/* Called for each directory, after its content; may be NULL. */
	int (*leave)(struct walk *w, struct walk_dirs in, struct walk_dirs at,
	             const char *name, const struct stat *st);
};

/*
 * Visit everything in `top`.
 * Return: 0 or the first -errno, with w->e set and prefixed with the path of the entry.
 */
int walk_tree(struct walk *w, struct walk_dirs top);

/* Open a directory of the host for reading, by a path without links. */
int walk_open(const struct host *h, const char *path, struct err *e);

/*
 * Read `n` bytes.
 * Return: the number of bytes, less than `n` only at the end of the file; -errno.
 */
ssize_t walk_read(int fd, char *data, size_t n, off_t at);

/*
 * Compare a directory with its copy: everything but sockets and security labels, and file
 * content as read back from the drive after a sync. -EBADMSG if they differ.
 */
int walk_compare(int from, int to, struct deadline until, struct err *e);

#endif
