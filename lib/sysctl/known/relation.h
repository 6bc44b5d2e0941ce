/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_RELATION_H
#define SYSCTL_KNOWN_RELATION_H

/* Keys that have to do with each other: names of one value, and values that bound others.
 */

#include <stdbool.h>
#include <stddef.h>

/* --- names ----------------------------------------------------------------------------
 */

/* The first name of the value that `key` names: `key` itself, unless it is an alias. */
const char *sysctl_relation_primary(const char *key);

/* The other name of the value that `key` names: an alias, or the first name; NULL: none.
 */
const char *sysctl_relation_other_name(const char *key);

/* The key of the same value in another unit; NULL: none. Owned by the caller. */
char *sysctl_relation_other_unit(const char *key);

/*
 * The file below /sys that has the value of the key, too. A name without "/" is that of a
 * file of the default size of huge pages. NULL: none.
 */
const char *sysctl_relation_file(const char *key);

/* --- limits ---------------------------------------------------------------------------
 */

/* A lower value must not be above the upper one. */
struct sysctl_limit {
	const char *lower, *upper; /* one number each, or the first of a vector */
	const char *source;
	bool reads_zero; /* the lower one then reads 0; else the write is refused */
};

/* What the kernel does otherwise, as a clause. */
const char *sysctl_relation_otherwise(const struct sysctl_limit *l);

/* The next limit that the key is part of, after `after` (NULL: the first); NULL: none. */
const struct sysctl_limit *sysctl_relation_limit(const char *key,
                                                 const struct sysctl_limit *after);

/*
 * Why the kernel can refuse any value of the key, in words to follow "the kernel refuses
 * it"; NULL: unknown.
 */
const char *sysctl_relation_refusal(const char *key);

#endif
