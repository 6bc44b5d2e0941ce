/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_UNDO_UNPERSIST_H
#define ENGINE_UNDO_UNPERSIST_H

/* What is stored for the next boot, as a journal whose revert removes it. */

#include "base/err.h"

#include <stddef.h>

struct host;
struct journal;

/* The command of such a journal. */
#define UNPERSIST "unpersist"

/*
 * List the files of these profiles, or with n_names = 0 of all. Call journal_done() in
 * any case. Return: 0; -ENOENT if a name has no file; -errno.
 */
int unpersist_list(struct journal *ret, const struct host *h, const char *const *names,
                   size_t n_names, struct err *e);

#endif
