/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_JSON_PLACES_H
#define DOC_JSON_PLACES_H

#include <stdbool.h>
#include <stddef.h>

struct diagnostics;
struct node;

/*
 * Set the places of all values and keys of `tree`, which is that of `text`: valid JSON
 * without duplicate keys. Columns are characters. `file` must outlive the tree.
 * Return: false, with an error in `diag`, if it is deeper than a profile may be.
 */
bool json_places_set(struct node *tree, const char *text, size_t len, const char *file,
                     struct diagnostics *diag);

#endif
