/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_DIFFERENCE_H
#define RESOURCE_DIFFERENCE_H

/*
 * What differs in a resource, part by part, for the columns of reports: one element of a
 * vector, one attribute of one drive. From the typed state of the kind, never from text.
 */

#include "base/macro.h"

#include <stddef.h>

/* Texts are owned. */
struct difference {
	char *part; /* follows the name of the resource: "[2]", " threads"; NULL: all of
	               it */
	char *live, *wanted;
};

struct differences {
	struct difference *list;
	size_t n, cap;
};

/* Add one. Takes ownership of the texts; `part` may be NULL. */
void difference_add(struct differences *d, char *part, char *live, char *wanted);

void differences_done(struct differences *d);

#define _differences_ _cleanup_(differences_done)

#endif
