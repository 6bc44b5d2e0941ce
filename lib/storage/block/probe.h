/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_PROBE_H
#define STORAGE_BLOCK_PROBE_H

/* Open a drive, and find out what it holds. */

#include "base/err.h"
#include "storage/block/content.h"

#include <stdbool.h>

struct host;
struct disk;

/*
 * Probe the drive; never writes. A regular file is accepted instead of a device node only
 * in a captured tree.
 * Return: 0; -EACCES and others if the node cannot be opened or read; -ENXIO if it is not
 * the node of `disk`. Free with blk_done(), also after an error.
 */
int blk_probe(const struct host *h, const struct disk *disk, struct blk *ret,
              struct err *e);

/*
 * The same without the reads of disk_blank_check(): a drive without a signature, blank or
 * not, has the content BLK_OTHER, "no signature". Not for what may write to it.
 */
int blk_identify(const struct host *h, const struct disk *disk, struct blk *ret,
                 struct err *e);

/*
 * Open the device node for reading (flags may add O_EXCL) and verify that it is the node
 * of `disk`.
 * Return: the descriptor, or an error as blk_probe().
 */
int blk_open(const struct host *h, const struct disk *disk, int flags, struct err *e);

/*
 * Lock the drive against udev and other programs that follow systemd's protocol
 * (BLOCK_DEVICE_LOCKING), for as long as the descriptor is open.
 * Return: the descriptor; -EBUSY if another process holds the lock for more than some
 * seconds.
 */
int blk_lock(struct host *h, const struct disk *disk, struct err *e);

/*
 * Whether the drive behind the descriptor still works: it has a size, and its first block
 * can be read from the drive itself, not from the cache. Both fail after the drive was
 * removed or has died.
 */
bool blk_answers(int fd);

#endif
