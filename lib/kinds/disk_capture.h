/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KINDS_DISK_CAPTURE_H
#define KINDS_DISK_CAPTURE_H

/*
 * The drives of this node as items of storage in a profile: which they are, by model and
 * serial, and where each is mounted. Only reads.
 */

#include "base/err.h"

struct disk_wish;
struct host;
struct host_disk;
struct host_disks;
struct host_mount;
struct host_mounts;
struct node;
struct problems;

/*
 * Add to the list `items` one for each drive that `wish` means and that carries its kind
 * of file system, with its label or, as somebody uses it, mounted. The first is named
 * `name`. Drives that are in the list stay as they are. What cannot be said of a drive is
 * added to `ps` as a note. Return: 0 or -errno.
 */
int disk_capture(const struct disk_wish *wish, const char *name, const struct host *h,
                 struct node *items, struct problems *ps, struct err *e);

/* The drive that such an item names; NULL: none of these. Borrowed from the list. */
const struct host_disk *disk_capture_find(const struct host_disks *disks,
                                          const struct node *item);

/* Where all of a drive is mounted and can be seen; NULL: nowhere. Borrowed. */
const struct host_mount *disk_capture_mount(const struct host_mounts *m,
                                            const struct host_disk *d);

#endif
