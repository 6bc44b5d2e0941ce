/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_REPLACE_H
#define HOST_REPLACE_H

/*
 * Write files of the host that must survive a crash: each is the old or the new one,
 * complete and synced. No link on the path to its directory is followed. A link, or
 * whatever else has the name, is itself replaced or removed.
 *
 * A new file is first written as HOST_REPLACE_NEW beside it. What a killed run left there
 * goes with the next one, or with host_replace_remove() or host_replace_clear().
 */

#include "base/err.h"

#include <sys/types.h>

struct host;

/* The name of the new file: that of the file behind a dot, and this suffix. */
#define HOST_REPLACE_NEW ".hosttune-new"

/* Write a file. Its directory must exist. Return: 0 or -errno. */
int host_replace_file(struct host *h, const char *path, const char *text, mode_t mode,
                      struct err *e);

/* The same for a symbolic link. */
int host_replace_link(struct host *h, const char *path, const char *target,
                      struct err *e);

/* Remove a file, or nothing if it does not exist. Return: 0 or -errno. */
int host_replace_remove(struct host *h, const char *path, struct err *e);

/* Remove only what a killed run left beside the file. Return: 0 or -errno. */
int host_replace_clear(struct host *h, const char *path, struct err *e);

/* Remove a directory if it is empty. Return: 0, also if it stays or does not exist. */
int host_replace_remove_empty(struct host *h, const char *path, struct err *e);

#endif
