/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_CONDITION_H
#define PROFILE_CONDITION_H

/*
 * The key "when" of a file: on a section that is a mapping, on a value of one, on an
 * item of a list. Decided before the file is merged: it drops only what this file says.
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>

struct facts;
struct kind;
struct node;

/* One thing that a file says for other nodes than this. */
struct excluded {
	const struct kind *kind; /* the first that reads its section */
	char *name, *when;
	struct node *node; /* what the file says of it */
	struct place at;
};

struct exclusions {
	struct excluded *list;
	size_t n, cap;
};

/*
 * Decide all conditions of a checked tree and take them out of it, with what is under
 * one that does not hold, which goes to `out`. Of unknown facts a condition is only
 * checked: what is under it stays and is marked ->when.
 */
void conditions_apply(struct node *root, const struct facts *facts,
                      struct exclusions *out, struct diagnostics *diag);

/*
 * Make of a tree with marks what it is where one more of its conditions does not hold:
 * one of those under which something replaced what files before say. Return: false if
 * there is none.
 */
bool conditions_deny(struct node *root);

/* "sysctl": of what kind it is, in reports; "storage" of an item, which may be several.
 */
const char *excluded_kind(const struct excluded *o);

/* Forget what was left out by that name. Return: whether there was any. */
bool exclusions_unset(struct exclusions *l, const char *name);

void exclusions_done(struct exclusions *l);

#endif
