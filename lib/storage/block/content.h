/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CONTENT_H
#define STORAGE_BLOCK_CONTENT_H

/*
 * What a drive holds: a known file system, other data, or provably nothing in the places
 * where formats keep their signatures.
 */

#include "base/macro.h"
#include "storage/block/disk_reason.h"

#include <stdbool.h>

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

struct node;

/* Note that the drive holds something else than a usable file system. */
void blk_not_usable(struct blk *b, enum disk_reason reason, const char *text);

/*
 * As a node, owned by the caller, and back. blk_take() returns false if it is not the
 * node of a drive's content.
 */
struct node *blk_node(const struct blk *b);
bool blk_take(const struct node *n, struct blk *ret);

void blk_done(struct blk *b);

#define _blk_ _cleanup_(blk_done)

#endif
