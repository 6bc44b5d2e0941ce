/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_FILESYSTEM_H
#define BASELINE_FILESYSTEM_H

struct host;
struct host_mount;
struct node;

/*
 * Features and geometry of a mounted file system: of XFS what xfs_info(8) shows, of
 * others the size and the size of a block. Owned by the caller.
 */
struct node *filesystem_read(const struct host *h, const struct host_mount *m);

#endif
