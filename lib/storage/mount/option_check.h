/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_OPTION_CHECK_H
#define STORAGE_MOUNT_OPTION_CHECK_H

struct node;
struct diagnostics;

/*
 * Check the list `n`. Add a problem for each item that is not a mount option of XFS, has
 * an invalid value, or contradicts an earlier item. A profile with problems mounts and
 * formats nothing.
 */
void mount_options_check(const struct node *n, struct diagnostics *diag);

#endif
