/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_WIPE_H
#define STORAGE_BLOCK_WIPE_H

/*
 * Destroy what a drive holds. The caller holds the drive's lock (blk_lock()) and has
 * checked that the wipe is permitted. Both functions fail with -EBUSY while the drive or
 * one of its partitions is in use, and with -ENXIO if the device node is not that of
 * `disk`.
 */

#include "base/err.h"

#include <stdint.h>

struct host;
struct disk;

/*
 * Discard the whole drive if it supports that, and zero both ends, which contain all
 * signatures. Afterwards the kernel rereads the partition table and drops the old
 * partitions.
 */
int disk_wipe(struct host *h, const struct disk *disk, struct err *e);

/* Zero the first `n` bytes. */
int disk_wipe_start(struct host *h, const struct disk *disk, uint64_t n, struct err *e);

#endif
