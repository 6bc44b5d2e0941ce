/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_COPY_FILE_H
#define HOST_TREE_COPY_FILE_H

#include "base/deadline.h"
#include "host/tree/walk.h"

/* Size of the buffer for copying. */
#define COPY_CHUNK (1024 * 1024)

/*
 * Copy the content of the regular file `name`, with its holes, to a new file that only
 * its owner may read. `st`: what it was when it was found; `chunk`: COPY_CHUNK bytes.
 * Return: 0; -ESTALE if it is another file now; -ETIMEDOUT; -errno.
 */
int copy_file(struct walk_dirs in, const char *name, const struct stat *st, char *chunk,
              struct deadline until);

#endif
