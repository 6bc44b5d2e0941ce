/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_CAPTURE_H
#define STORAGE_CAPTURE_H

/*
 * Describe the drives of this node as `storage` items of a profile: model, serial and
 * mount point of each. Read-only.
 */

#include "base/err.h"

struct disk;
struct disk_spec;
struct disks;
struct host;
struct node;
struct diagnostics;

/*
 * Add an item to the list `items` for each drive that matches `spec` and holds a file
 * system of its type, if that has the configured label or is mounted. The first item is
 * named `name`. Drives already in the list are skipped. A drive that cannot be described
 * adds a note to `ps`. Return: 0 or -errno.
 */
int disk_capture(const struct disk_spec *spec, const char *name, const struct host *h,
                 struct node *items, struct diagnostics *diag, struct err *e);

/* Find the drive of such an item; NULL: none. Borrowed from the list. */
const struct disk *disk_captured(const struct disks *disks, const struct node *item);

/*
 * Add mount point and mount options to each such item. A drive that is not mounted adds
 * a note to `ps`. Return: 0 or -errno.
 */
int disk_capture_mounts(const struct host *h, struct node *items,
                        struct diagnostics *diag, struct err *e);

#endif
