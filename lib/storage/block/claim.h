/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CLAIM_H
#define STORAGE_BLOCK_CLAIM_H

/*
 * What the kinds that take drives have in common: the keys by which a profile says
 * which drives, and how one is made ready.
 */

#include "resource/kind.h"
#include "storage/block/choice.h"

#define DISK_COUNT_MAX 64

/* First in the struct of such a kind. */
struct disk_user {
	struct resource r;
	struct disk_spec spec;
	char *level; /* of the array that is asked for: "none", "raid0"; NULL: not said */
};

/* "disks", "array" and "wipe" of an item; for objects that begin with a disk_user. */
extern const struct field disk_user_fields[];

/*
 * Read those keys of the item, and fill in what it does not say. Free with
 * disk_user_done().
 */
void disk_user_parse(struct disk_user *u, const struct node *item,
                     struct diagnostics *diag);
void disk_user_done(struct disk_user *u);

/* Whether it is one array of its drives. */
bool disk_user_wants_array(const struct disk_user *u);

/*
 * Lock the drive, look at it for the last time, and wipe it if that is what was
 * planned: who keeps to the lock does not come between this and what follows. `id` is
 * the disk_id() that was planned with.
 *
 * Return: the descriptor that holds the lock; -ENODEV: it is another one by now;
 * -EBUSY, with *ret_reason set: it holds something by now.
 */
int disk_claim(const struct disk_user *u, struct host *h, const char *device,
               const char *id, bool wipe, enum reason *ret_reason, struct err *e);

#endif
