/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_ACCESS_H
#define SYSFS_ACCESS_H

/*
 * Reading and writing a file of sysfs, whose functions a driver has written: on a live
 * host another process does it, since one that waits for a device cannot be interrupted.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;

/* What may be done with a file. */
enum sysfs_access {
	SYSFS_WRITABLE,
	SYSFS_READ_ONLY,       /* the kernel has no function that writes it */
	SYSFS_READ_ONLY_MOUNT, /* /sys is mounted read-only here */
	SYSFS_WRITE_ONLY,
	SYSFS_FOREIGN, /* no file of sysfs, or not below /sys */
};

/*
 * Find the path without links, owned by the caller, and what may be done with it.
 * Return: 0; -ENOENT; -errno.
 */
int sysfs_access_find(const struct host *h, const char *path, char **ret_real,
                      enum sysfs_access *ret, struct err *e);

/*
 * Read the file, with white space collapsed; owned by the caller. Return: 0; -ETIMEDOUT:
 * it did not answer within seconds; -EBADMSG: it is no text; -errno.
 */
int sysfs_access_read(const struct host *h, const char *path, char **ret, struct err *e);

/* Write to a path without links. Return: 0; -ETIMEDOUT; -errno. */
int sysfs_access_write(struct host *h, const char *real, const char *text, struct err *e);

#endif
