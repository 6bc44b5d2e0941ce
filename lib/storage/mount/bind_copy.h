/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_BIND_COPY_H
#define STORAGE_MOUNT_BIND_COPY_H

/* The directory that is bound over another one: made, or filled with a copy of it. */

#include "base/err.h"
#include "host/tree/tree.h"

#include <stdbool.h>

struct host;

struct bind_copy {
	bool made;                  /* by this run: did not exist, or was empty */
	struct host_tree_lost lost; /* what this run could not copy */
};

/*
 * Create `source` like `dir`, which is created if it does not exist; with `copy`, fill it
 * with its content. Return: 0 or -errno.
 */
int bind_copy_make(struct bind_copy *c, struct host *h, const char *dir,
                   const char *source, bool copy, struct err *e);

/*
 * Remove what bind_copy_make() made and nobody uses, unless it was written to: it is
 * compared with `dir`. Return: 0; -errno, with `e` saying why it is not removed.
 */
int bind_copy_drop(struct bind_copy *c, struct host *h, const char *dir,
                   const char *source, struct err *e);

#endif
