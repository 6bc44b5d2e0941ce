/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_ENTRY_H
#define ENGINE_ENTRY_H

/*
 * What a section of a profile names, one by one, whatever its shape. All kinds that
 * read the section make a resource of each, or none.
 */

#include "kinds/kind.h"

struct node;

struct entry {
	const char *name; /* of a setting: its path, and only lives during the call */
	const struct node *node;
	struct place at; /* where it is asked for */
};

/* One value (SECTION_VALUES) or item of a list. */
struct entry entry_of(enum section_shape shape, const struct node *n);

/* Call `fn` for each; the section is a checked one of the kind. */
void entries_each(const struct kind *kind, const struct node *section,
                  void (*fn)(const struct kind *kind, const struct entry *e, void *arg),
                  void *arg);

#endif
