/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_WIPE_H
#define STORAGE_BLOCK_WIPE_H

/*
 * Destroying what a drive holds. Who calls has its lock (blk_lock()), and leave to
 * do so. Both fail with -EBUSY while anybody holds the drive or a partition of it, and
 * with -ENXIO if the node is not that of `disk`.
 */

#include "base/err.h"

#include <stdint.h>

struct host;
struct disk;

/*
 * Discard all of it where it can, and zero both ends, in which all signatures are. The
 * kernel forgets its partitions.
 */
int disk_wipe(struct host *h, const struct disk *disk, struct err *e);

/* Zero its first `n` bytes. */
int disk_wipe_start(struct host *h, const struct disk *disk, uint64_t n, struct err *e);

#endif
