/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_TREE_H
#define HOST_TREE_TREE_H

/*
 * Directory trees of the host, each within one mount: no link is followed, and a mount
 * inside the tree, also of a file or of the same file system, is an error (-EXDEV).
 */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

struct host_tree_size {
	uint64_t bytes;   /* on disk; names and inodes are not counted */
	uint64_t entries; /* not counting the directory itself */
};

/* Security labels that the policy did not let us copy: how many, and the first one. */
struct host_tree_labels {
	uint64_t n;
	char want[128], now[128]; /* of the original; of the copy */
};

/* What a copy lacks. */
struct host_tree_lost {
	uint64_t sockets;
	struct host_tree_labels labels;
};

/*
 * Measure a directory tree.
 * Return: 0; -ENOENT if the directory does not exist; -errno.
 */
int host_tree_measure(const struct host *h, const char *path, struct host_tree_size *ret,
                      struct err *e);

/*
 * Whether the directory exists and is empty.
 * Return: 1, 0, -ENOENT or -errno.
 */
int host_tree_is_empty(const struct host *h, const char *path, struct err *e);

/* Get the bytes and inodes still available on the file system of a directory. */
int host_tree_room(const struct host *h, const char *path, struct host_tree_size *ret,
                   struct err *e);

/*
 * Copy the directory `from` to `to`, which does not exist or is empty: files with their
 * holes, hard links, symbolic links, device nodes, FIFOs; owner, mode, times and extended
 * attributes. Sockets are skipped, and so are labels that the policy does not let us set;
 * both are counted in *ret_lost. Anything else that cannot be copied is an error. The
 * copy is made next to `to` under a temporary name, compared with the original as read
 * back from the drive, synced, and renamed last. An interrupted earlier copy is removed
 * first. -ETIMEDOUT at the host's deadline.
 */
int host_tree_copy(struct host *h, const char *from, const char *to,
                   struct host_tree_lost *ret_lost, struct err *e);

/*
 * Whether the directory `from` looks as it did when host_tree_copy() made the copy `to`:
 * the same entries, and files of the same size and time. Then `to` lacks none of its
 * content, but for what was removed from the copy since.
 * Return: 1; 0 if it does not, or if `to` is no such copy; -errno.
 */
int host_tree_is_copied(const struct host *h, const char *from, const char *to,
                        struct err *e);

/*
 * Make the directory `to` with owner, mode and attributes of `like`, unless it exists.
 * They are set before it has its name. Return: 1; 0 if it exists; -errno.
 */
int host_tree_make_like(struct host *h, const char *to, const char *like,
                        struct host_tree_lost *ret_lost, struct err *e);

/*
 * Remove the directory and its content, which first gets the temporary name of a copy: an
 * interruption leaves nothing under its own name. 0 if it does not exist.
 */
int host_tree_remove(struct host *h, const char *path, struct err *e);

/*
 * Remove the directory `copy` if it still equals the directory `of`. 0 if it does not
 * exist. -EBADMSG: it differs; then, and after any other error before the removal
 * starts, nothing is removed. -ETIMEDOUT at the host's deadline.
 */
int host_tree_remove_copy(struct host *h, const char *copy, const char *of,
                          struct err *e);

#endif
