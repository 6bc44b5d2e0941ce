/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_SECTION_H
#define PROFILE_SECTION_H

/*
 * What a section of a profile names, one by one, whatever its shape. All kinds that
 * read the section make a resource of each, or none.
 */

#include "resource/kind.h"

struct node;

struct section_entry {
	const char *name; /* of a setting: its path, and only lives during the call */
	const struct node *node;
	struct place at; /* where it is asked for */
};

/* One value (SECTION_VALUES) or item of a list. */
struct section_entry section_entry_of(enum section_shape shape, const struct node *n);

/* Call `fn` for each; the section is a checked one of the kind. */
void section_each(const struct kind *kind, const struct node *section,
                  void (*fn)(const struct kind *kind, const struct section_entry *e,
                             void *arg),
                  void *arg);

#endif
