/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TEMPORARY_H
#define HOST_TEMPORARY_H

#include "base/err.h"

struct host;

/*
 * Create a file without a name on the file system of a directory (host path), for reading
 * and writing: it is gone once it is closed, also if the process is killed. Where the
 * file system has no O_TMPFILE, it has a name for a moment. No link on the path is
 * followed.
 * Return: a descriptor; -errno with `e` set.
 */
int host_temporary_open(struct host *h, const char *directory, struct err *e);

#endif
