/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_LOAD_H
#define PROFILE_LOAD_H

#include "base/diagnostics.h"

#include <stddef.h>

struct facts;
struct node;
struct profile;

/*
 * Read and merge the profiles `names` (see profile/source.h) and what they include,
 * check them, compute their formulas, and make the resources. `dir`: --profile-dir or
 * NULL. `facts`: of the node; unknown ones check the formulas only.
 * Return: 0, or -1 if there are errors; all problems are in `ps`, sorted.
 * profile_done() in any case.
 */
int profile_load(struct profile *p, const char *const *names, size_t n_names,
                 const char *dir, const struct facts *facts, struct diagnostics *diag);

/*
 * The same of one profile that is a tree already and has no formulas or includes; takes
 * ownership of it.
 */
int profile_take(struct profile *p, struct node *tree, struct diagnostics *diag);

#endif
