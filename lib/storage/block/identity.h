/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_IDENTITY_H
#define STORAGE_BLOCK_IDENTITY_H

/*
 * How drives are distinguished. A drive can be named by
 * - its serial, which means all namespaces of that controller,
 * - "SERIAL-nN", namespace N of it,
 * - its wwid.
 */

#include "storage/block/disk.h"

/*
 * Set ->exact and ->key of all drives. Drives that cannot be distinguished get "" as
 * ->exact, and cannot be used (DISK_DUPLICATE): they may be two paths to one drive.
 */
void disks_identify(struct disks *d);

/* Whether the ","-separated list names the drive, maybe together with others. */
bool disk_is_named_in(const char *list, const struct disk *d);

/* Whether a word of the list means this drive and no other drive of the node. */
bool disk_is_exactly_in(const char *list, const struct disk *d);

/* Its exact name if it has one, else its serial: for messages. Borrowed. */
const char *disk_title(const struct disk *d);

#endif
