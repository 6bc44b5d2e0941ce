/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_TABLE_H
#define SYSCTL_KNOWN_TABLE_H

/*
 * Every key of Linux 6.1 and 6.12, with all modules loaded, and what the kernel accepts
 * for it: keys.def, which tests/vm/sysctl-keys.sh makes by writing and reading back each
 * key. A kernel of Bottlerocket can have others, and lack some.
 */

#include <stdbool.h>
#include <stdint.h>

enum sysctl_shape {
	SHAPE_UNKNOWN,
	SHAPE_INT,
	SHAPE_BOOL,       /* shown as 1 whatever is written but 0 */
	SHAPE_MS,         /* milliseconds, rounded up to the kernel's tick */
	SHAPE_CENTI,      /* 1/100 s, rounded down through the kernel's tick */
	SHAPE_POW2,       /* rounded up to a power of two */
	SHAPE_UP512,      /* rounded up to a multiple of 512 */
	SHAPE_STAYS,      /* a number that reads the same whatever is written */
	SHAPE_VECTOR,     /* several numbers */
	SHAPE_HEX,        /* a number shown as 0x... */
	SHAPE_MASK,       /* bits in hex, in groups of 32: ff,ffffffff */
	SHAPE_CPUS,       /* a list of ranges: 0-3,8 */
	SHAPE_PORTS,      /* the same, of up to 65536 numbers */
	SHAPE_WORDS,      /* a set of words */
	SHAPE_TEXT,       /* anything else */
	SHAPE_WRITE_ONLY, /* triggers an action */
	SHAPE_READ_ONLY,
};

struct sysctl_row {
	const char *key;    /* with "*" for the interface, where it has one */
	const char *module; /* that provides it; "": none, or built in */
	int64_t min;        /* of one number: what some kernel accepts */
	uint64_t max;
	enum sysctl_shape shape;
	unsigned words; /* how many; 0: it varies */
};

/* Find the row of a key in its dotted spelling; NULL: neither kernel has it. */
const struct sysctl_row *sysctl_table_find(const char *key);

/* The next row after `after` (NULL: the first), in the order of keys; NULL: none. */
const struct sysctl_row *sysctl_table_next(const struct sysctl_row *after);

/* Find the key that is most similar to a mistyped one; NULL: none. Owned by the caller.
 */
char *sysctl_table_near(const char *key);

/*
 * The key with "*" for the interface, as in "net.ipv4.conf.*.rp_filter"; other keys
 * unchanged. Owned by the caller.
 */
char *sysctl_table_pattern(const char *key);

/* The same without memory: the key itself, or in `pattern`. A longer one is no known key.
 */
#define SYSCTL_PATTERN_MAX 128
const char *sysctl_table_pattern_in(char pattern[SYSCTL_PATTERN_MAX], const char *key);

/* Whether the key is one of an interface, and its interface is a pattern. */
bool sysctl_table_is_wildcard(const char *key);

/*
 * The key with the dots of the interface as slashes, where "net.ipv4.conf.eth0.100.mtu"
 * has too many dots and the result is a known key; else NULL. Owned by the caller.
 */
char *sysctl_table_slashed(const char *key);

#endif
