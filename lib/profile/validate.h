/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_VALIDATE_H
#define PROFILE_VALIDATE_H

#include "base/diagnostics.h"

#include <stdbool.h>

struct node;

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
