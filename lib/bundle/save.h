/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BUNDLE_SAVE_H
#define BUNDLE_SAVE_H

#include "base/err.h"

struct bundle;

/*
 * Write the sealed bundle to `path` (not beneath a host's root): a tar file if it ends in
 * ".tar", a compressed one for ".tar.zst", else a directory, which must not exist or be
 * empty. Only root, or the user, can read it. It appears complete or not at all, and a
 * symbolic link is never followed. Return: 0 or -errno; -EINTR after a signal.
 */
int bundle_save(struct bundle *b, const char *path, struct err *e);

/* Write it as a tar file to a descriptor, such as that of a pipe. Return: likewise. */
int bundle_save_stream(struct bundle *b, int fd, struct err *e);

/* Check before collecting that bundle_save() can write there. Return: 0 or -errno. */
int bundle_save_check(const char *path, struct err *e);

#endif
