/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_PER_DRIVE_H
#define STORAGE_PER_DRIVE_H

#include "base/diagnostics.h"

struct disk_spec;
struct host;
struct node;

/*
 * Expand storage items to one file system per drive. An item whose mount, bind or label
 * contains {serial} or {index} is replaced by one item for each drive that it selects.
 * The new item is named "ITEM/SERIAL", selects that serial, and has its placeholders
 * filled in. The index counts from 0 in the order of the serials. Characters of a serial
 * that are not safe in a path become "_". The root drive, Bottlerocket's own drives and
 * EBS volumes are skipped. `tree` is a complete profile.
 *
 * Without a host, or without matching drives, the item is checked and stays unchanged.
 */
void per_drive_expand(struct node *storage, const struct host *h,
                      struct diagnostics *diag);

/*
 * Whether the item still has placeholders: no drive was known when it was expanded, and
 * nothing can be done for it.
 */
bool per_drive_is_unexpanded(const struct node *item);

/*
 * Read which drives a storage item selects (NULL: an item without "disks"). Invalid
 * values are ignored; the kind that parses the item reports them. Free with
 * per_drive_spec_done().
 */
void per_drive_spec(const struct node *item, struct disk_spec *ret);
void per_drive_spec_done(struct disk_spec *w);

#endif
