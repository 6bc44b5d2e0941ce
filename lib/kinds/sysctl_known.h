/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KINDS_SYSCTL_KNOWN_H
#define KINDS_SYSCTL_KNOWN_H

#include <stdbool.h>

/* What is known of single sysctls and cannot be read off the host: rows, not code. */
struct sysctl_known {
	const char *key;
	bool write_only;      /* acts when written; nothing to read back */
	const char *excludes; /* path of the key that reads 0 once this is written */
	const char
		*module_prefix; /* the value names a module that is loaded on writing */
	const char *available;  /* path of the list of values the kernel has */
	const char *builtin;    /* values that it has without a module or a list */
};

/* The row of a key in its dotted spelling; NULL: nothing is known. */
const struct sysctl_known *sysctl_known_find(const char *key);

#endif
