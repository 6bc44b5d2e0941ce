/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_H
#define SYSCTL_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What is known of single sysctls and cannot be read off the host: rows, not code.
 * A column that is not set is not known.
 */
struct sysctl_known {
	const char *key;
	bool write_only;      /* acts when written; nothing to read back */
	const char *excludes; /* the key that reads 0 once this is written */
	const char
		*module_prefix; /* the value names a module that is loaded on writing */
	const char *available;  /* path of the list of values the kernel has */
	const char *builtin;    /* values that it has without a module or a list */

	/* what a value can be: sysctl/check.h */
	unsigned words;         /* how many; one where there is a range */
	bool ascending;         /* none is smaller than the one before it */
	const char *why;        /* there is a range, and this is its reason or source */
	int64_t min, max;       /* the range of each word */
	int64_t floor[3];       /* of each word: what a Bottlerocket node has by itself */
	int64_t clamp;          /* it is taken, and no more than this is used */
	const char *below;      /* the key whose value, of the same unit, is larger */
	bool node_only;         /* of each network namespace; a new one has the default */
	const char *deprecated; /* why it should not be used */
};

/* The row of a key in its dotted spelling; NULL: nothing is known. */
const struct sysctl_known *sysctl_known_find(const char *key);

/*
 * The modules, separated by blanks, each of which brings the key: the first by itself,
 * the others as one of what they need. NULL: it needs none, or none is known.
 */
const char *sysctl_known_modules(const char *key);

/* The nearest key of the table to one that the kernel does not have; NULL: none. */
const char *sysctl_known_near(const char *key);

#endif
