/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_USERDATA_H
#define PROFILE_USERDATA_H

/*
 * What a Bottlerocket node is told at its first boot: trees with "settings" at the top,
 * made from a profile without looking at any host.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct node;
struct profile;

/* The bootstrap container that applies a profile. */
struct userdata_container {
	const char *name;   /* of the container: see userdata_name_fault() */
	const char *source; /* of its image */
	bool essential;     /* whether a node where it fails stays out of its cluster */
};

/* Why Bottlerocket would not take it; NULL: it would. */
const char *userdata_name_fault(const char *name);
const char *userdata_source_fault(const char *source);

/*
 * The text of a profile that needs no other file and says what the loaded profile says:
 * merged, its formulas as they were written, without comments.
 *
 * `as_is`: instead the one file that `names` gives, to the letter, or an include of them
 * if all are built-in; what is included has to be built-in. A profile with conditions is
 * always kept so: merging would decide them here.
 *
 * Return: 0 with the text, owned by the caller, or -EINVAL.
 */
int userdata_embed(const struct profile *p, const char *const *names, size_t n_names,
                   bool as_is, char **ret, struct err *e);

/* The settings that run the container with the text as its user data. Owned. */
struct node *userdata_container(const struct userdata_container *c, const char *text);

/*
 * The settings that need no container. What of the profile cannot be one is told, a line
 * each, in *ret_rest. Both are owned by the caller.
 */
struct node *userdata_native(const struct profile *p, char **ret_rest);

#endif
