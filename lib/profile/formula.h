/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_FORMULA_H
#define PROFILE_FORMULA_H

/*
 * Formulas ("= max(8, cpus)") and conditions ("kernel >= 6.1") in a profile, computed
 * over the facts of a node.
 */

#include "base/diagnostics.h"
struct facts;
struct node;

/*
 * Replace each formula in the tree of a whole profile by its result and keep it in
 * ->formula; of unknown facts only check it, and mark the node ->unknown.
 */
void formulas_compute(struct node *tree, const struct facts *f, struct diagnostics *diag);

enum condition { CONDITION_FALSE, CONDITION_TRUE, CONDITION_UNKNOWN };

/*
 * Whether a condition holds; unknown of unknown facts, and of one that is wrong, which
 * is told. `item`: the item of storage that it is of, whose drives it may ask for.
 */
enum condition condition_decide(const struct node *when, const struct node *item,
                                const struct facts *f, struct diagnostics *diag);

#endif
