/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_PRIVATE_H
#define NFSD_PRIVATE_H

/*
 * Access to the nfsd file system on a temporary mount, in a child process with its own
 * mount namespace. See server.h for why the caller must know that this is harmless.
 */

#include "base/err.h"

#include <stddef.h>

struct host;

#define NFSD_PROC_DIR "/proc/fs/nfsd"

/* Read `n` files into texts[], as nfsd_files_read(). */
int nfsd_private_read(const struct host *h, const char *const *files, size_t n,
                      char **texts, struct err *e);

int nfsd_private_write(struct host *h, const char *file, const char *text, struct err *e);

#endif
