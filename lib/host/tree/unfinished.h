/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_UNFINISHED_H
#define HOST_TREE_UNFINISHED_H

/*
 * Directories that are being filled or removed. Each has a separate name beside its
 * final one, so that an interruption leaves no half of a directory under the final name;
 * only for tree*.c and copy*.c.
 */

#include "base/err.h"

struct host;

/*
 * Make the unfinished directory of `path`, empty and for its owner only; the rest of an
 * interrupted run is removed first. Return: a descriptor of it, or -errno.
 */
int unfinished_make(struct host *h, const char *path, struct err *e);

/*
 * Rename it to `path`, which does not exist or is an empty directory, and sync that.
 * Return: 0 or -errno.
 */
int unfinished_finish(struct host *h, const char *path, struct err *e);

/* Remove it and its content, also after the deadline. 0 if it does not exist. */
int unfinished_remove(struct host *h, const char *path, struct err *e);

#endif
