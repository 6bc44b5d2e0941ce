/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_VALIDATE_H
#define PROFILE_VALIDATE_H

#include "base/diagnostics.h"
#include "resource/field.h"

#include <stdbool.h>

struct node;

/* The keys of a profile that are not sections of a kind, and the key of every item. */
extern const struct field profile_keys[], profile_item_keys[];

/*
 * Check the structure of a profile: its keys, the shape of each section and the keys of
 * items; the kinds check the values. What is invalid is reported in `ps` and removed from
 * the tree, so that the rest can be checked. Names with several spellings get the one
 * that the kinds use.
 *
 * Return: false if nothing in the tree can be used.
 */
bool validate_tree(struct node *root, struct diagnostics *diag);

#endif
