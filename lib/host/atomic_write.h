/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_ATOMIC_WRITE_H
#define HOST_ATOMIC_WRITE_H

#include "base/err.h"

/*
 * Give a file of our own (not beneath the host's root) a new text: whoever reads it gets
 * the old one or the new one, whole. Not synced: it tells of now, not of later.
 * Return: 0 or -errno; then the old file is as it was.
 */
int atomic_write(const char *path, const char *text, struct err *e);

#endif
