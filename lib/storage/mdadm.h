/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MDADM_H
#define STORAGE_MDADM_H

/*
 * Making, assembling and undoing an array, with the host's mdadm. Return of all: 0 or
 * -errno.
 */

#include "storage/array_members.h"

/* As Bottlerocket has it: the longest log stripe that XFS takes. */
#define ARRAY_CHUNK_KIB "256"

/*
 * Make one array of all members, each of which is seized first: see disk_claim().
 * *ret_uuid is set before the first superblock is written, and *ret_wiped before the
 * first drive is wiped.
 */
int array_create(const struct disk_user *u, const char *name,
                 const struct array_members *m, struct host *h, char **ret_uuid,
                 bool *ret_wiped, enum reason *ret_reason, struct err *e);

/* Assemble the array `m->uuid` of all members. */
int array_assemble(const char *name, const struct array_members *m, struct host *h,
                   struct err *e);

/* Stop the array with that device node; -EIO while it is in use. */
int array_stop(const char *device, struct host *h, struct err *e);

/*
 * Take the superblock of the array `uuid` off its members, behind which nothing may be;
 * those that do not carry it are left alone.
 */
int array_clear(const struct array_members *m, const char *uuid, struct host *h,
                struct err *e);

/* Whether something was put into the array that runs as `device`: 1, 0 or -errno. */
int array_is_used(const char *device, const struct host *h, struct err *e);

#endif
