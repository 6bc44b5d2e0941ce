/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_VALIDATE_H
#define PROFILE_VALIDATE_H

#include "base/diagnostics.h"
#include "resource/field.h"

#include <stdbool.h>

struct node;

/* The keys of a profile that are no section of a kind, and the one all items have. */
extern const struct field profile_keys[], profile_item_keys[];

/*
 * Check what a profile looks like: its keys, the shape of each section, the keys of
 * items; the values are the kinds' own matter. What is wrong is told in `ps` and
 * taken out of the tree, so that the rest can be checked further. Names that have
 * several spellings get the one that kinds use.
 *
 * Return: false if nothing of the tree can be used.
 */
bool validate_tree(struct node *root, struct diagnostics *diag);

#endif
