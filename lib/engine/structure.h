/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_STRUCTURE_H
#define ENGINE_STRUCTURE_H

#include "base/problems.h"

#include <stdbool.h>

struct node;

/*
 * Check what a profile looks like: its keys, the shape of each section, the keys of
 * items; the values are the kinds' own matter. What is wrong is told in `ps` and
 * taken out of the tree, so that the rest can be checked further. Names that have
 * several spellings get the one that kinds use.
 *
 * Return: false if nothing of the tree can be used.
 */
bool structure_check(struct node *root, struct problems *ps);

#endif
