/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_MOUNT_H
#define HOST_MOUNT_H

/*
 * Mounting, binding and unmounting at host paths.
 */

#include "base/err.h"

struct host;

/*
 * Open a directory to mount upon, following no link at all; host path.
 * Return: an O_PATH descriptor; -ENOENT; -ELOOP (a link), -ENOTDIR; -EROFS if it is not
 * there and cannot be made.
 */
int host_mount_open_target(const struct host *h, const char *target, struct err *e);

/*
 * Mount `source` (host path of a block device, or a word for a file system that has
 * none) at `target`, which is made if it is not
 * there, with mount options from the start. The host's table is read back: -EXDEV if
 * it does not show the mount, which is then undone.
 */
int host_mount_attach(struct host *h, const char *source, const char *target,
                      const char *fstype, const char *options, struct err *e);

/*
 * Set the flags of the mount at `target` to `options` (all of them: what is not named
 * is off). Only seen by the mount namespace we are in. Options of the file system
 * itself cannot be changed this way.
 */
int host_mount_remount(struct host *h, const char *target, const char *options,
                       struct err *e);

/*
 * Show the directory `source` at the directory `target` too, with the flags of the
 * mount that it lies in.
 */
int host_mount_bind(struct host *h, const char *source, const char *target,
                    struct err *e);

/* Unmount the topmost mount at `target`. -EBUSY while it is in use. */
int host_mount_detach(struct host *h, const char *target, struct err *e);

#endif
