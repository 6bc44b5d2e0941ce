/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_OPTION_H
#define STORAGE_MOUNT_OPTION_H

/*
 * Lists of mount options, as a profile has them and as the kernel shows them in a mount
 * table. A list is one string: "noatime,logbsize=256k".
 */

#include <stdbool.h>

struct node;

/*
 * Return the options in `wanted` that are not in effect according to `shown`, the
 * options in a mount table; NULL: all are. Other options in `shown` are ignored. Owned by
 * the caller.
 */
char *mount_options_missing(const char *wanted, const char *shown);

/* Whether the list contains the option `name`. */
bool mount_options_have(const char *list, const char *name);

/* Whether all options are flags of the mount: a remount can change them. */
bool mount_options_are_flags(const char *list);

/* Flags for a remount: those of `shown`, overridden by `wanted`. Owned by the caller. */
char *mount_options_flags(const char *wanted, const char *shown);

/* Flags for a remount after which the mount is shown with `shown` again. Owned. */
char *mount_options_exactly(const char *shown);

/* List the options in `shown` that a profile may contain. Owned by the caller. */
struct node *mount_options_node(const char *shown);

#endif
