/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_IN_USE_H
#define STORAGE_BLOCK_IN_USE_H

/* Find out who uses a drive, from sysfs and the mount tables; for scan.c. */

#include "host/mount/mounts.h"
#include "storage/block/attribute.h"

struct disk;

/* The mount tables to search. The host's table may list mounts that our own does not. */
struct disk_tables {
	struct host_mounts host, own;
};

/*
 * Set ->in_use and ->use of a disk whose name, numbers and size are already set. What
 * cannot be read counts as in use: DISK_UNREADABLE.
 */
void disk_use_find(struct attributes *a, const struct disk_tables *t, struct disk *d);

#endif
