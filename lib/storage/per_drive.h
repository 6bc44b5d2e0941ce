/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_PER_DRIVE_H
#define STORAGE_PER_DRIVE_H

#include "base/diagnostics.h"

struct disk_spec;
struct host;
struct kind_facts;
struct node;

/*
 * One file system per drive: an item of storage whose mount (or bind, or label) holds
 * {serial} or {index} is replaced in the tree of a whole profile by one for each drive
 * that it selects, named "ITEM/SERIAL", with that serial and the placeholders filled in;
 * the index counts from 0 in the order of the serials. What of a serial is fit for no
 * path becomes "_". The root drive, Bottlerocket's own and EBS volumes are left out.
 *
 * Without a host, or without such drives, the item stays as it is, checked.
 */
void per_drive_expand(struct node *storage, const struct host *h,
                      struct diagnostics *diag);

/* "disks" and "disk_size": how many an item selects, and bytes of the smallest. */
extern const struct kind_facts per_drive_facts;

/*
 * Which drives an item selects (NULL: one that says nothing); what is wrong there is
 * told by the kind that parses it. Free with per_drive_spec_done().
 */
void per_drive_spec(const struct node *item, struct disk_spec *ret);
void per_drive_spec_done(struct disk_spec *w);

#endif
