/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MDADM_H
#define STORAGE_MDADM_H

/*
 * Create, assemble and undo an array with the host's mdadm. All functions but
 * array_is_used() return 0 or -errno.
 */

#include "storage/array_members.h"

/* The same as Bottlerocket uses: the longest log stripe that XFS supports. */
#define ARRAY_CHUNK_KIB "256"

/*
 * Create one array of all members. All members are claimed first (see disk_claim()), then
 * those wiped for which that was planned. *ret_uuid (owned by the caller) is set before
 * the first superblock is written, *ret_wiped before the first drive is wiped. An error
 * names the drives that were wiped before it.
 */
int array_create(const struct disk_user *u, const char *name,
                 const struct array_members *m, struct host *h, char **ret_uuid,
                 bool *ret_wiped, enum reason *ret_reason, struct err *e);

/* Assemble the array `m->uuid` from all members. */
int array_assemble(const char *name, const struct array_members *m, struct host *h,
                   struct err *e);

/* Stop the array with the device node `device`; -EIO while it is in use. */
int array_stop(const char *device, struct host *h, struct err *e);

/*
 * Wipe the superblock of the array `uuid` from its members; -EBUSY if a member holds
 * data. Members without this superblock are not changed.
 */
int array_clear(const struct array_members *m, const char *uuid, struct host *h,
                struct err *e);

/* Whether the running array `device` is in use or holds data: 1, 0 or -errno. */
int array_is_used(const char *device, const struct host *h, struct err *e);

#endif
