/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_IN_USE_H
#define STORAGE_BLOCK_IN_USE_H

/* Find out who uses a drive, from sysfs and the mount tables; for disk.c. */

#include "host/mounts.h"

#include <stdbool.h>

struct host;
struct disk;

/* The mount tables to search. The host's table may list mounts that our own does not. */
struct disk_tables {
	struct host_mounts host, own;
};

#define DISK_BLOCK "/sys/block"

/*
 * Read an attribute below /sys/block, without surrounding white space; NULL if it does
 * not exist. `disk` may name a partition: "sda/sda1".
 */
char *disk_attribute(const struct host *h, const char *disk, const char *name);

/* Whether the attribute exists and is not 0. */
bool disk_attribute_is_set(const struct host *h, const char *disk, const char *name);

/* Set ->in_use and ->use of a disk whose name, numbers and size are already set. */
void disk_use_find(const struct host *h, const struct disk_tables *t, struct disk *d);

#endif
