/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_WALK_H
#define HOST_WALK_H

/*
 * Going through a directory tree, or two alike at once; for host_tree*.c alone.
 */

#include "base/buf.h"
#include "base/deadline.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

struct host;

/* The same directory in both trees; `to` is -1 where there is but one. */
struct walk_dirs {
	int from, to;
};

struct walk {
	struct deadline until;
	bool two; /* the second tree has the same directories, once visited */
	struct err *e;
	void *arg;       /* of the functions below */
	struct buf path; /* of the entry, from the top of the tree, for messages */

	/* Each entry, a directory before what is in it. */
	int (*visit)(struct walk *w, struct walk_dirs in, const char *name,
	             const struct stat *st);
	/* Each directory, after what is in it; NULL: nothing. */
	int (*leave)(struct walk *w, struct walk_dirs in, struct walk_dirs at,
	             const char *name, const struct stat *st);
};

/*
 * Visit all that is in `top`. Return: 0 or the first -errno, with w->e set and the
 * path of the entry in front of it.
 */
int walk_tree(struct walk *w, struct walk_dirs top);

/* Open a directory of the host by a path without links, for reading. */
int walk_open(const struct host *h, const char *path, struct err *e);

/* Read `n` bytes. Return: how many; less only at the end of the file; -errno. */
ssize_t walk_read(int fd, char *data, size_t n, off_t at);

/*
 * Compare the copy of a directory with it: all but sockets, and content as read back
 * from the drive, to which it was synced. -EBADMSG if they differ.
 */
int walk_compare(int from, int to, struct deadline until, struct err *e);

#endif
