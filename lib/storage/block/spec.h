/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_SPEC_H
#define STORAGE_BLOCK_SPEC_H

/* Which drives a profile selects. */

#include "storage/block/disk.h"

#include <stdbool.h>
#include <stdint.h>

/* The default model. */
#define DISK_MODEL "Amazon EC2 NVMe Instance Storage"

/* The selection in the profile. Lists are joined by ",". */
struct disk_spec {
	char *model;
	char *serial;      /* one or more names, see identity.h; NULL: any */
	uint64_t min_size; /* bytes */
	uint64_t count;    /* 0: not given */
	char *wipe;        /* names of drives that may be wiped; NULL: none */
	char *format;      /* file system type that, with the label, makes a drive ours */
	char *label;
	bool unexpanded; /* it stands for one file system per drive, and was not expanded
	                  */
};

/* Set the default model if none is given, and strip white space around it. */
void disk_spec_complete(struct disk_spec *w);

/* Whether it is a namespace of the nvme driver, or may be one. */
bool disk_is_nvme(const struct disk *d);

/* Whether it is an NVMe drive that matches the selection, or may be: see disk->unread. */
bool disk_matches(const struct disk_spec *w, const struct disk *d);

/* Whether the profile names the drive by its serial or another name. */
bool disk_is_named(const struct disk_spec *w, const struct disk *d);

/* Why the drive does not match, in words owned by the caller: DISK_NOT_NVME ... */
enum disk_reason disk_unmet(const struct disk_spec *w, const struct disk *d,
                            char **ret_text);

/* "model \"X\", serial A,B, at least 1000000 bytes"; owned by the caller. */
char *disk_spec_text(const struct disk_spec *w);

#endif
