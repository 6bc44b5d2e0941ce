/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_XFS_CHECK_H
#define STORAGE_XFS_CHECK_H

/*
 * Check what a profile says of an XFS file system, beyond the ranges of xfs_mkfs.h. Each
 * adds a problem at the node, or at `at`.
 */

#include "base/diagnostics.h"

struct node;

/* A label; `hint` ends the message. */
void xfs_check_label(const char *label, struct place at, const char *hint,
                     struct diagnostics *diag);

/* The label of a profile, but for placeholders, which are filled in on the host. */
void xfs_check_label_template(const struct node *n, struct diagnostics *diag);

/* A size. */
void xfs_check_power_of_2(const struct node *n, struct diagnostics *diag);
void xfs_check_blocks(const struct node *n, struct diagnostics *diag);

/* Options of mkfs.xfs that need each other. */
void xfs_check_mkfs(const struct node *n, struct diagnostics *diag);

#endif
