/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_LOAD_H
#define PROFILE_LOAD_H

#include "base/diagnostics.h"

#include <stddef.h>

struct host;
struct facts;
struct node;
struct profile;
struct source_from;

/*
 * Load the profiles `names` (see profile/source.h) and what they include: read, merge and
 * check them, compute their formulas, and make the resources. `from` may be NULL.
 * `facts`: of the node; if unknown, formulas are only checked. Return: 0, or -1 if there
 * are errors. All problems are in `diag`, sorted. Call profile_done() in any case.
 */
int profile_load(struct profile *p, const char *const *names, size_t n_names,
                 const struct source_from *from, const struct facts *facts,
                 struct diagnostics *diag);

/*
 * Make a profile of the host `h` (NULL: of none) from a tree without formulas and
 * includes: check it and make the resources. Takes ownership of `tree`. Otherwise as
 * profile_load(), but `diag` is not sorted.
 */
int profile_take(struct profile *p, struct node *tree, const struct host *h,
                 struct diagnostics *diag);

#endif
