/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_PROBE_H
#define STORAGE_BLOCK_PROBE_H

/*
 * What a drive holds: a known file system, other data, or provably nothing in the places
 * where formats keep their signatures.
 */

#include "base/err.h"
#include "storage/block/disk_reason.h"

#include <stdbool.h>

struct host;
struct disk;

enum blk_content {
	BLK_OTHER,      /* partition table, unknown data, ambiguous signatures ... */
	BLK_BLANK,      /* no signature, and only zeros where it was read */
	BLK_FILESYSTEM, /* exactly one signature, of a file system */
};

struct blk {
	enum blk_content content;
	char *type, *label, *uuid; /* of a file system; "" if it has none */
	char *text;                /* description of the content; printable */
	enum disk_reason reason;   /* why it is not blank: DISK_SYSTEM ... DISK_GARBAGE */
	bool busy;                 /* claimed: mounted anywhere, md, dm, swap */
	bool locked;               /* locked, possibly by this process: see blk_lock() */
};

/*
 * Probe the drive; never writes. A regular file is accepted instead of a device node only
 * in a captured tree.
 * Return: 0; -EACCES and others if the node cannot be opened or read; -ENXIO if it is not
 * the node of `disk`. Free with blk_done(), also after an error.
 */
int blk_probe(const struct host *h, const struct disk *disk, struct blk *ret,
              struct err *e);
void blk_done(struct blk *b);

#define _blk_ _cleanup_(blk_done)

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
