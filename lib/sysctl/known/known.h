/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_KNOWN_H
#define SYSCTL_KNOWN_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Facts about single sysctls that the host does not show: rows, not code. An unset column
 * means unknown.
 */
struct sysctl_known {
	const char *key;
	const char *excludes;      /* the key that reads 0 after this one is written */
	const char *module_prefix; /* the value names a module, loaded on writing */
	const char *available;     /* path of the list of values that the kernel has */
	const char *builtin; /* values that need no module and are not in the list */

	/* valid values: sysctl/check.h */
	unsigned words;    /* how many; 0: one if there is a range, else any number */
	bool ascending;    /* no word is smaller than the one before it */
	const char *why;   /* reason or source of the range; NULL: no range */
	int64_t min, max;  /* the range of each word */
	int64_t floor[3];  /* of each word: the default of a Bottlerocket node */
	int64_t clamp;     /* the kernel accepts more, but uses at most this */
	const char *below; /* the key whose value, in the same unit, must be larger */
	bool node_only;    /* one per network namespace; a new one has the default */
	const char *deprecated; /* why not to use it */
};

/* Find the row of a key in its dotted spelling, or of its alias; NULL: none. */
const struct sysctl_known *sysctl_known_find(const char *key);

#endif
