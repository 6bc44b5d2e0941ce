/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_ATOMIC_WRITE_H
#define HOST_ATOMIC_WRITE_H

#include "base/err.h"

/*
 * Replace the content of a file (not beneath the host's root) atomically: a reader sees
 * either the old text or the new text, complete. Not synced, because the content
 * describes the present and is worthless after a crash. The file keeps its owner, group
 * and mode, as far as this process may set them. Return: 0 or -errno; on error the old
 * file is unchanged.
 */
int atomic_write(const char *path, const char *text, struct err *e);

/* The same, synced: after a crash, it is the old or the new text as well. */
int atomic_write_durable(const char *path, const char *text, struct err *e);

/*
 * Check that atomic_write() could replace this file now: create its temporary file, and
 * remove it. A path that is not a regular file, such as a device or a link, is refused,
 * because it would be replaced as well.
 * Return: 0 or -errno, without the path in the text.
 */
int atomic_write_check(const char *path, struct err *e);

#endif
