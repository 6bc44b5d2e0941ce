/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_DISK_H
#define STORAGE_BLOCK_DISK_H

/*
 * The drives of the host as the kernel lists them in /sys/block. Names (nvme1n1) are
 * given in the order of discovery and change between boots: a drive is known by its
 * model and serial.
 */

#include "base/err.h"
#include "storage/block/disk_reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;

struct disk {
	char *name;   /* "nvme1n1" */
	char *device; /* host path of its node: "/dev/nvme1n1" */
	char *model;  /* without white space around it */
	char *serial; /* likewise; "" if the kernel gives none */
	uint64_t size_bytes;
	unsigned major, minor;
	char *in_use; /* why it must not be formatted, in words; NULL: nothing known */
	enum disk_reason use; /* the same as a word: DISK_NONE to DISK_READ_ONLY */
	bool array;           /* an md array: no model, no serial */
	bool active;          /* array: runs; else it only holds its members */
	char *members;        /* array: names of its members, sorted, joined by " " */
};

struct disks {
	struct disk *list; /* ordered by serial, then name */
	size_t n;
};

void disk_done(struct disk *d);
void disks_done(struct disks *d);

#define _disks_ _cleanup_(disks_done)

/* The drive or array of that node ("/dev/nvme1n1"); NULL: none. Borrowed from the list.
 */
const struct disk *disks_find(const struct disks *d, const char *device);

#endif
