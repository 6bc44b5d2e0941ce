/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_IN_USE_H
#define STORAGE_BLOCK_IN_USE_H

/*
 * Who uses a drive, as sysfs and the mount tables tell; for disk.c.
 */

#include "host/mounts.h"

#include <stdbool.h>

struct host;
struct disk;

/* Mount tables to look in; that of the host may name what ours does not. */
struct disk_tables {
	struct host_mounts host, own;
};

#define DISK_BLOCK "/sys/block"

/*
 * An attribute below /sys/block, without the white space around it; NULL if there is
 * none. `disk` may name a partition: "sda/sda1".
 */
char *disk_attribute(const struct host *h, const char *disk, const char *name);

/* The attribute is there, and not 0. */
bool disk_attribute_is_set(const struct host *h, const char *disk, const char *name);

/* Set ->in_use and ->use of a disk whose name, numbers and size are known. */
void disk_use_find(const struct host *h, const struct disk_tables *t, struct disk *d);

#endif
