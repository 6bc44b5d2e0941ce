/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_BELOW_H
#define HOST_TREE_BELOW_H

/*
 * The directory of a mount point itself, also while something is mounted on it, and its
 * immutable flag (chattr +i): nobody, not even root, can make, rename or remove an entry
 * of an immutable directory, or remove it. What is mounted on it is not affected.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;

struct host_below {
	bool there;     /* the directory exists */
	bool hidden;    /* something is mounted on it */
	bool immutable; /* it has the flag */
	bool empty;
	/* its file system, or that of its closest parent, has the flag */
	bool can_be_immutable;
	bool may_set; /* this process may set and clear it (CAP_LINUX_IMMUTABLE) */
};

/*
 * Read the directory of a mount point (host path below "/"), following no link. It need
 * not exist.
 * Return: 0; -EPERM if something is mounted on it and the process may not look below
 * mounts (CAP_SYS_ADMIN); -ELOOP, -ENOTDIR or -EROFS as host_mount_open_target(); -errno.
 */
int host_below_read(const struct host *h, const char *path, struct host_below *ret,
                    struct err *e);

/*
 * Set or clear the immutable flag of an existing directory. It is set only on an empty
 * one: -ENOTEMPTY, and the flag is as before. -EOPNOTSUPP: its file system has none.
 */
int host_below_set_immutable(struct host *h, const char *path, bool on, struct err *e);

/* Remove the empty directory, which is not immutable and on which nothing is mounted. */
int host_below_remove(struct host *h, const char *path, struct err *e);

#endif
