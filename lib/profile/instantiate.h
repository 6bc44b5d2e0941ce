/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_INSTANTIATE_H
#define PROFILE_INSTANTIATE_H

#include "base/diagnostics.h"

struct facts;
struct node;
struct profile;

/*
 * Make the resources that the merged tree of a profile asks for, in the order of
 * `kinds`, each kind followed by those of it that were left out, and check them
 * together. `facts`: of the node, perhaps unknown.
 */
void instantiate(struct profile *p, const struct facts *facts, struct diagnostics *diag);

/* Let kinds replace items of their sections by several, in the tree of a whole profile.
 */
void sections_expand(struct node *tree, const struct facts *facts,
                     struct diagnostics *diag);

#endif
