/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_DISK_H
#define STORAGE_BLOCK_DISK_H

/*
 * The host's disks as the kernel lists them in /sys/block. Names (nvme1n1) follow the
 * order of discovery and change between boots; the stable identity of a drive is its
 * wwid. People know a drive by its model and serial, which are those of its controller:
 * all namespaces of one NVMe controller share them.
 */

#include "base/err.h"
#include "storage/block/disk_reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;

/* What could not be read of a drive: it may or may not match a profile. */
enum disk_unread {
	DISK_NO_MODEL = 1 << 0,
	DISK_NO_SERIAL = 1 << 1,
	DISK_NO_SIZE = 1 << 2,
	DISK_NO_ID = 1 << 3, /* its wwid or the number of its namespace */
};

struct disk {
	char *name;    /* "nvme1n1" */
	char *device;  /* host path of its device node: "/dev/nvme1n1" */
	char *model;   /* without surrounding white space */
	char *serial;  /* likewise; "" if the kernel reports none */
	char *wwid;    /* "uuid...", "eui...", "nvme...", "naa..."; "" if there is none */
	unsigned nsid; /* of an NVMe namespace; 0: it is none, or unknown */
	char *exact;   /* the word that means this drive alone; see identity.h */
	char *key;     /* what {serial} stands for: also stable if namespaces are added */
	uint64_t size_bytes;
	unsigned major, minor;
	unsigned unread;      /* enum disk_unread */
	char *in_use;         /* why it must not be formatted, as text; NULL: no reason */
	enum disk_reason use; /* the same as a reason, or DISK_UNREADABLE: unknown */
	bool array;           /* an md array: it has no model and no serial */
	bool active;          /* array: running; else it only holds its members */
	char *members;        /* array: names of its members, sorted, separated by " " */
};

struct disks {
	struct disk *list; /* sorted by serial, namespace, then name */
	size_t n;
};

void disk_done(struct disk *d);
void disks_done(struct disks *d);

#define _disks_ _cleanup_(disks_done)

/*
 * Find the drive or array with that device node ("/dev/nvme1n1"); NULL: none. Borrowed
 * from the list.
 */
const struct disk *disks_find(const struct disks *d, const char *device);

/*
 * Identify a drive by its serial and wwid, an array by its members: to compare, not to
 * show. Owned by the caller.
 */
char *disk_id(const struct disk *d);

#endif
