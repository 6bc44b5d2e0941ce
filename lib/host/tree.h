/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_H
#define HOST_TREE_H

/*
 * Directories of the host with all that is below them, on one file system: no link is
 * followed, and a mount below them is an error (-EXDEV).
 */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

struct host_tree_size {
	uint64_t bytes;   /* on the drive; names and inodes are not counted */
	uint64_t entries; /* not counting the directory itself */
};

/* Return: 0; -ENOENT if there is no such directory; -errno. */
int host_tree_measure(const struct host *h, const char *path, struct host_tree_size *ret,
                      struct err *e);

/* Whether the directory is there and holds nothing. Return: 1, 0, -ENOENT or -errno. */
int host_tree_is_empty(const struct host *h, const char *path, struct err *e);

/* Bytes and inodes that can still be used on the file system of a directory. */
int host_tree_room(const struct host *h, const char *path, struct host_tree_size *ret,
                   struct err *e);

/*
 * Copy the directory `from` to `to`, which is not there or empty: files with their
 * holes, hard links, symbolic links, device nodes, FIFOs; owner, mode, times and
 * extended attributes. Sockets are left out and counted in *ret_sockets. The copy is
 * made beside `to` under a name of its own, compared with the original byte by byte as
 * read back from the drive, synced, and renamed last; a copy that was cut short is
 * removed first. -ETIMEDOUT at the host's deadline.
 */
int host_tree_copy(struct host *h, const char *from, const char *to,
                   uint64_t *ret_sockets, struct err *e);

/* Make the directory `to` with owner, mode and attributes of `like`, unless it is there.
 */
int host_tree_make_like(struct host *h, const char *to, const char *like, struct err *e);

/* Remove the directory and all below it. 0 if it is not there. */
int host_tree_remove(struct host *h, const char *path, struct err *e);

#endif
