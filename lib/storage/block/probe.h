/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_PROBE_H
#define STORAGE_BLOCK_PROBE_H

/*
 * What a drive holds: a known file system, something else, or provably nothing at the
 * places where anything leaves its marks.
 */

#include "base/err.h"
#include "storage/block/disk_reason.h"

#include <stdbool.h>

struct host;
struct disk;

enum blk_content {
	BLK_OTHER,      /* partition table, unknown data, more than one answer ... */
	BLK_BLANK,      /* no signature, and all zero where it was read */
	BLK_FILESYSTEM, /* exactly one signature, and that of a file system */
};

struct blk {
	enum blk_content content;
	char *type, *label, *uuid; /* of a file system; "" where it has none */
	char *text;                /* what it holds, in words; printable */
	enum disk_reason reason;   /* why it is not blank: DISK_SYSTEM ... DISK_GARBAGE */
	bool busy;                 /* somebody holds it: a mount anywhere, md, dm, swap */
	bool locked;               /* somebody has its lock, perhaps we: see blk_lock() */
};

/*
 * Read the drive, never write. A regular file in the place of the node is taken in a
 * captured tree only. Return: 0; -EACCES and others if the node cannot be opened or
 * read; -ENXIO if it is not the node of `disk`. Free with blk_done(), also after
 * an error.
 */
int blk_probe(const struct host *h, const struct disk *disk, struct blk *ret,
              struct err *e);
void blk_done(struct blk *b);

#define _blk_ _cleanup_(blk_done)

/*
 * Open its node for reading (flags may add O_EXCL), and make sure that it is the node of
 * `disk`: the descriptor, or as blk_probe().
 */
int blk_open(const struct host *h, const struct disk *disk, int flags, struct err *e);

/*
 * Lock the drive against udev and others that keep to systemd's protocol
 * (BLOCK_DEVICE_LOCKING), for as long as the descriptor is open.
 * Return: the descriptor; -EBUSY if another holds it for more than some seconds.
 */
int blk_lock(struct host *h, const struct disk *disk, struct err *e);

/*
 * Whether the drive behind the descriptor is still there: has a size, and gives its first
 * block, not one that is remembered. It does not after it was pulled or has died.
 */
bool blk_answers(int fd);

#endif
