/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_MD_H
#define STORAGE_BLOCK_MD_H

/*
 * The md superblock on a member of an array. It describes the whole array, even while the
 * array is not assembled. Only version 1.2, the default of mdadm.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct disk;

#define MD_LEVEL_RAID0 0

/* Where the superblock ends, in bytes from the start of the member. */
#define MD_SUPERBLOCK_END 8192

struct md {
	char *name;       /* of the array, without the "any:" of mdadm --homehost=any */
	char *uuid;       /* as mdadm formats it: 01234567:89abcdef:01234567:89abcdef */
	int level;        /* MD_LEVEL_RAID0 ... */
	unsigned n_disks; /* members of the whole array */
	unsigned role;    /* index of this member, from 0 */
};

/*
 * Read the superblock.
 * Return: 1 and *ret; 0 if there is no superblock of that version, its checksum is wrong,
 * or the array's data would begin behind the end of the drive; -errno. Free with
 * md_done(), after any return.
 */
int md_read(const struct host *h, const struct disk *disk, struct md *ret, struct err *e);
void md_done(struct md *md);

/*
 * Whether the member holds nothing but its superblock, by the check of blank.h.
 * Return: 1, 0 or -errno.
 */
int md_is_blank(const struct host *h, const struct disk *disk, struct err *e);

/* Make a new UUID for an array, in mdadm's format; owned by the caller. */
char *md_new_uuid(void);

#endif
