/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_OPTION_H
#define STORAGE_MOUNT_OPTION_H

/*
 * Mount options that a profile may name, and how the kernel shows them in a mount
 * table. A list is one text: "noatime,logbsize=256k".
 */

#include <stdbool.h>

struct node;
struct diagnostics;

/*
 * Add a problem for each item of the list `n` that is no option of XFS or has an
 * impossible value, and for those that contradict one before them. Nothing is mounted
 * or formatted for a list with problems.
 */
void mount_options_check(const struct node *n, struct diagnostics *diag);

/*
 * Those of `wanted` that a mount shown with `shown` does not have; NULL: it has all.
 * What else is shown does not matter. Owned by the caller.
 */
char *mount_options_missing(const char *wanted, const char *shown);

/* Whether the list has that option. */
bool mount_options_have(const char *list, const char *name);

/* Whether each of them is a flag of the mount, which can change while it is mounted. */
bool mount_options_are_flags(const char *list);

/* The flags to remount with: those of `shown`, but for what `wanted` says. Owned. */
char *mount_options_flags(const char *wanted, const char *shown);

/* Those of a mount shown with `shown` that a profile can name, as a list. Owned. */
struct node *mount_options_node(const char *shown);

#endif
