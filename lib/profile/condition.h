/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_CONDITION_H
#define PROFILE_CONDITION_H

/*
 * The key "when": valid on a section that is a mapping, on a value in one, and on an item
 * of a list. Conditions are decided before a file is merged, so they drop only the
 * entries of that file.
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>

struct facts;
struct kind;
struct node;

/* An entry skipped because its condition is false on this node. */
struct excluded {
	const struct kind *kind; /* the first kind that reads its section */
	char *name, *when;
	struct node *node; /* its value in the file */
	struct place at;
};

struct exclusions {
	struct excluded *list;
	size_t n, cap;
};

/*
 * Decide all conditions of a checked tree and remove them. Entries whose condition is
 * false move to `out`. If the facts are unknown, only check the conditions; their entries
 * stay and are marked with ->when.
 */
void conditions_apply(struct node *root, const struct facts *facts,
                      struct exclusions *out, struct diagnostics *diag);

/* Whether there is one: for most trees, not. */
bool conditions_replace(const struct node *root);

/*
 * Treat one more condition of a marked tree as false: one whose entries replaced values
 * of earlier files. Those values are restored. Return: false if there is no such
 * condition.
 */
bool conditions_deny(struct node *root);

/*
 * Name the kind for reports, such as "sysctl". A storage item can belong to several
 * kinds: then "storage".
 */
const char *excluded_kind(const struct excluded *o);

/* Remove the skipped entries with that name. Return: whether there were any. */
bool exclusions_unset(struct exclusions *l, const char *name);

void exclusions_done(struct exclusions *l);

#endif
