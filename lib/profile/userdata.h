/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_USERDATA_H
#define PROFILE_USERDATA_H

/*
 * User data for the first boot of a Bottlerocket node: trees with "settings" at the top,
 * made from a profile without access to any host.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct node;
struct profile;

/* The bootstrap container that applies a profile. */
struct userdata_container {
	const char *name;   /* of the container: see userdata_name_fault() */
	const char *source; /* image reference */
	bool essential;     /* if it fails, the node does not join its cluster */
};

/* Return why Bottlerocket would refuse the name or image; NULL: it would not. */
const char *userdata_name_fault(const char *name);
const char *userdata_source_fault(const char *source);

/*
 * Format the loaded profile as one self-contained file: merged, with its original
 * formulas, without comments.
 *
 * `as_is`: do not merge. The result is the one file in `names`, byte for byte, or an
 * include of them if all are built-in. Everything included must be built-in. A profile
 * with conditions is never merged, because merging would decide them here.
 *
 * Return: 0 with the text, owned by the caller, or -EINVAL.
 */
int userdata_embed(const struct profile *p, const char *const *names, size_t n_names,
                   bool as_is, char **ret, struct err *e);

/* Make settings that run the container with `text` as user data. The caller owns them. */
struct node *userdata_container(const struct userdata_container *c, const char *text);

/*
 * Make the settings that need no container. *ret_rest lists the rest of the profile, one
 * line per resource with the reason. Both are owned by the caller.
 */
struct node *userdata_native(const struct profile *p, char **ret_rest);

#endif
