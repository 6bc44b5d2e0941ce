/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CLAIM_H
#define STORAGE_BLOCK_CLAIM_H

/*
 * Shared by the kinds that use drives: the profile keys that select drives, and the last
 * check before a drive is written to.
 */

#include "resource/kind.h"
#include "storage/block/spec.h"

#define DISK_COUNT_MAX 64

/* The first member of the struct of such a kind. */
struct disk_user {
	struct resource r;
	struct disk_spec spec;
	char *level; /* of the array: "none", "raid0"; NULL: not given */
};

/* "disks", "array" and "wipe" of an item; for objects that start with a disk_user. */
extern const struct field disk_user_fields[];

/*
 * Read these keys of the item, and set defaults for the missing ones. Free with
 * disk_user_done().
 */
void disk_user_parse(struct disk_user *u, const struct node *item,
                     struct diagnostics *diag);
void disk_user_done(struct disk_user *u);

/* Whether the profile asks for one array of the drives. */
bool disk_user_wants_array(const struct disk_user *u);

/*
 * Lock the drive, and check it one last time. The lock keeps other programs that respect
 * it from using the drive between this check and the first write. `id` is the disk_id()
 * of the planned drive. `wipe`: it was planned to wipe it.
 *
 * Return: the descriptor that holds the lock; -ENODEV: it is a different drive now;
 * -EBUSY, with *ret_reason set: it is not blank now, and may not be wiped.
 */
int disk_claim(const struct disk_user *u, struct host *h, const char *device,
               const char *id, bool wipe, enum reason *ret_reason, struct err *e);

/*
 * Wipe a drive that is claimed and for which that was planned.
 * Return: 0; -ENODEV: it is a different drive now; -EIO: it still holds something.
 */
int disk_claim_wipe(struct host *h, const char *device, const char *id, struct err *e);

#endif
