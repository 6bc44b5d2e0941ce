/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_SECTION_H
#define PROFILE_SECTION_H

/*
 * Iterate over the entries of a profile section, whatever its shape. Each kind that reads
 * the section makes one resource of an entry, or none.
 */

#include "resource/kind.h"

struct node;

struct section_entry {
	const char *name; /* a setting: its path, valid only during the call */
	const struct node *node;
	struct place at; /* its place in the profile */
};

/* Return the entry of one value (SECTION_VALUES) or list item. */
struct section_entry section_entry_of(enum section_shape shape, const struct node *n);

/* Call `fn` for each entry of `section`, a checked section of the kind. */
void section_each(const struct kind *kind, const struct node *section,
                  void (*fn)(const struct kind *kind, const struct section_entry *e,
                             void *arg),
                  void *arg);

#endif
