/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_ATTRIBUTE_H
#define STORAGE_BLOCK_ATTRIBUTE_H

/*
 * Read what sysfs says of a disk. An attribute that does not exist is an answer; one that
 * cannot be read is none. The reader remembers the first failure, so that "unknown" is
 * never mistaken for "no".
 */

#include <stdbool.h>

struct host;

#define DISK_BLOCK "/sys/block"

struct attributes {
	const struct host *h;
	char *fault; /* the first failure, in words; NULL: none so far; owned */
};

/*
 * Read an attribute below /sys/block, without surrounding white space; NULL if it does
 * not exist or cannot be read. `disk` may name a partition: "sda/sda1".
 */
char *attribute_text(struct attributes *a, const char *disk, const char *name);

/* Whether the attribute exists and is not 0. */
bool attribute_is_set(struct attributes *a, const char *disk, const char *name);

/* Whether the file or directory exists. */
bool attribute_exists(struct attributes *a, const char *disk, const char *name);

/*
 * List the names in a directory of the disk ("": its own); NULL if it does not exist or
 * cannot be read. Free with names_free().
 */
char **attribute_list(struct attributes *a, const char *disk, const char *dir);

/* Note that something is unknown for another reason. */
void attribute_unknown(struct attributes *a, const char *text);

#endif
