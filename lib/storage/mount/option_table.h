/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_OPTION_TABLE_H
#define STORAGE_MOUNT_OPTION_TABLE_H

/* The mount options of XFS that a profile may contain. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct suggest;

enum mount_option_show {
	MOUNT_SHOWN,   /* in effect if the mount table shows `word` */
	MOUNT_ABSENT,  /* in effect if the mount table does not show `word` */
	MOUNT_SIZED,   /* "name=SIZE": shown the same way, possibly in another unit */
	MOUNT_NOTHING, /* has no effect */
};

struct mount_option {
	const char *name;
	enum mount_option_show show;
	const char *word;
	const char *group; /* options of one group exclude each other */
	bool flag;         /* belongs to the mount, not to the file system */
};

/* Find the option that `text` names, up to its "=", "," or end; NULL: none. */
const struct mount_option *mount_option_find(const char *text);

/* Offer the names of all options. */
void mount_option_suggest(struct suggest *near);

/* Parse a number in the format of mount options: "8", "256k", "1m"; -1: not a number. */
int64_t mount_option_size(const char *text, size_t len);

#endif
