/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_LOOK_H
#define SYSFS_LOOK_H

/* The files of a path or pattern, and what they show. */

#include "base/err.h"
#include "sysfs/access.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

/* A pattern that matches more files, or that looks into more directories, is refused. */
#define SYSFS_FILES_MAX       1024
#define SYSFS_DIRECTORIES_MAX 16384

/* Texts are owned. */
struct sysfs_file {
	char *path; /* as the pattern has it */
	char *real; /* without links */
	enum sysfs_access access;
	char *text;  /* what it shows, collapsed; NULL: it cannot be read */
	char *fault; /* why; NULL: nobody tried, or it was read */
	char *again; /* what sysfs_look_again() read; NULL: nothing */
};

struct sysfs_files {
	struct sysfs_file *list; /* in the order of their names */
	size_t n, cap;
	bool too_many;
};

/*
 * Find and read the files. While a bundle is collected, the answer is kept. Return: 0,
 * also if there are none; -errno if a directory cannot be read.
 */
int sysfs_look(const struct host *h, const char *pattern, struct sysfs_files *ret,
               struct err *e);

/* Read a file once more: does it change by itself? */
void sysfs_look_again(const struct host *h, struct sysfs_file *f);

void sysfs_files_done(struct sysfs_files *files);

#endif
