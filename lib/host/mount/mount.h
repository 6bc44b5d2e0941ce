/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_MOUNT_MOUNT_H
#define HOST_MOUNT_MOUNT_H

/* Mount, bind and unmount at host paths. */

#include "base/err.h"

#include <stddef.h>

struct host;

/*
 * Open a directory (host path) as a mount point, following no link.
 * Return: an O_PATH descriptor; -ENOENT; -ELOOP (a link), -ENOTDIR; -EROFS if it does not
 * exist and cannot be made.
 */
int host_mount_open_target(const struct host *h, const char *target, struct err *e);

/* Whether host_mount_open_target() can open it: 0, or the same errors. */
int host_mount_check_target(const struct host *h, const char *target, struct err *e);

/*
 * Mount `source` (host path of a block device, or a word for a file system without one)
 * at `target`, which is made if it does not exist. The mount options apply from the
 * start. The host's mount table is then read back: -EXDEV if it does not show the mount,
 * which is then undone.
 */
int host_mount_attach(struct host *h, const char *source, const char *target,
                      const char *fstype, const char *options, struct err *e);

/*
 * Check that the topmost mount at `target`, in the host's table, is one of `source`: a
 * block device or a word as above, or a directory that is bound there. Return: 0; -EXDEV:
 * it is another one, or there is none; -errno if that cannot be read.
 */
int host_mount_check_seen(const struct host *h, const char *source, const char *target,
                          struct err *e);

/*
 * Set the flags of the mount of `source` at `target` to `options`. The list is complete:
 * flags not named are cleared. The change is visible only in the current mount namespace.
 * Options of the file system itself cannot be changed this way. -EXDEV as
 * host_mount_check_seen().
 */
int host_mount_remount(struct host *h, const char *source, const char *target,
                       const char *options, struct err *e);

/*
 * Bind the directory `source` to the directory `target`, with the flags of the mount that
 * contains it.
 */
int host_mount_bind(struct host *h, const char *source, const char *target,
                    struct err *e);

/*
 * Find the first option in a list as the mount table has it: a comma in quotes does not
 * end it. The next one is in the rest of the list, from the end of this one. Return: its
 * name, followed by any "=value", *ret_len bytes; NULL: there is none. Borrowed.
 */
const char *host_mount_option(const char *list, size_t *ret_len);

/*
 * Unmount `source` from `target`. -EBUSY while it is in use; -EXDEV as
 * host_mount_check_seen(): a foreign mount on top stays.
 */
int host_mount_detach(struct host *h, const char *source, const char *target,
                      struct err *e);

#endif
