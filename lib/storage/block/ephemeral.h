/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_EPHEMERAL_H
#define STORAGE_BLOCK_EPHEMERAL_H

#include "base/err.h"

struct host;

/*
 * Determine whether a file system, of the type and device number that a mount table
 * shows, loses its data when the instance stops: it is in memory, or all its drives are
 * EC2 instance store.
 *
 * Return: 1, 0; -ENODEV if it has no block device; -errno if that is unknown. ret_drives
 * (may be NULL, owned by the caller) gets the names of its drives, or its type.
 */
int disk_ephemeral(const struct host *h, const char *fstype, unsigned major,
                   unsigned minor, char **ret_drives, struct err *e);

#endif
