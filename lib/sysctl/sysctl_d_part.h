/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_SYSCTL_D_PART_H
#define SYSCTL_SYSCTL_D_PART_H

/* What the files of sysctl/sysctl_d share. */

#include <stdbool.h>
#include <stddef.h>

#define SYSCTL_D_PROC "/proc/sys/"

struct sysctl_d_file {
	char *path;
	const char *name; /* in path */
};

struct sysctl_d_line {
	char *key;   /* as a path below /proc/sys, maybe a pattern */
	char *value; /* NULL: only excludes the key from patterns */
	bool pattern;
	size_t file;
	unsigned number;
};

struct sysctl_d {
	struct sysctl_d_file *files;
	size_t n_files, cap_files;
	struct sysctl_d_line *lines;
	size_t n, cap;
	size_t bytes;
	char *unknown;
};

#endif
