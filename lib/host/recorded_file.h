/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_RECORDED_FILE_H
#define HOST_RECORDED_FILE_H

/* The functions of file.h for a host whose files are in a bundle; only for file.c. */

#include "base/err.h"

#include <stddef.h>
#include <sys/stat.h>

struct host;

/* Return: a descriptor of a copy in memory. */
int recorded_file_open(const struct host *h, const char *path, struct err *e);

int recorded_file_read(const struct host *h, const char *path, size_t max,
                       char **ret_text, struct err *e);

int recorded_file_stat(const struct host *h, const char *path, struct stat *ret,
                       struct err *e);

/*
 * While a bundle is collected, keep what stat() said of a path that is neither in /proc
 * nor in /sys: of those, the bundle has the files. Return: `r`.
 */
int recorded_file_note(const struct host *h, const char *path, int r,
                       const struct stat *st, const struct err *e);

#endif
