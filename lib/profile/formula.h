/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_FORMULA_H
#define PROFILE_FORMULA_H

/*
 * Compute formulas ("= max(8, cpus)") and conditions ("kernel >= 6.1") of a profile from
 * the facts of a node.
 */

#include "base/diagnostics.h"

#include <stdbool.h>

struct facts;
struct node;

/* Whether formulas_compute() would change anything. */
bool formulas_any(const struct node *tree);

/*
 * Replace each formula in the tree of a complete profile with its result; ->formula holds
 * its text. If the facts are unknown, only check it and mark the node ->unknown.
 */
void formulas_compute(struct node *tree, const struct facts *f, struct diagnostics *diag);

/*
 * The same for the tree of one file, and only for formulas that decide what an item
 * selects, such as the minimum size of its drives. Conditions, formulas and the expansion
 * of items ask for what is selected, so these come first.
 */
void formulas_compute_selectors(struct node *tree, const struct facts *f,
                                struct diagnostics *diag);

/*
 * Report each formula that a comma cut, as in {min: = max(1, 2)}, and restore it, so that
 * its parts are not reported as unknown keys and extra items.
 */
void formulas_rejoin(struct node *root, struct diagnostics *diag);

enum condition { CONDITION_FALSE, CONDITION_TRUE, CONDITION_UNKNOWN };

/*
 * Decide a condition. It is unknown if the facts are unknown, or if it is invalid, which
 * is reported in `ps`. `item`: the item of `section`, what it selects it may use; NULL:
 * none.
 */
enum condition condition_decide(const struct node *when, const char *section,
                                const struct node *item, const struct facts *f,
                                struct diagnostics *diag);

#endif
