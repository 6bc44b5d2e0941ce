/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_INSTANTIATE_H
#define PROFILE_INSTANTIATE_H

#include "base/diagnostics.h"

struct facts;
struct node;
struct profile;

/*
 * Make the resources of a merged profile, in the order of `kinds`, and check them
 * together. The skipped entries of a kind follow its resources. `facts`: of the node, may
 * be unknown.
 */
void instantiate(struct profile *p, const struct facts *facts, struct diagnostics *diag);

/* Whether sections_expand() may change anything. */
bool sections_any_expand(const struct node *tree);

/* Let kinds replace items of their sections by several, in the tree of a whole profile.
 */
void sections_expand(struct node *tree, const struct facts *facts,
                     struct diagnostics *diag);

#endif
