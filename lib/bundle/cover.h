/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BUNDLE_COVER_H
#define BUNDLE_COVER_H

/* The patterns of a manifest; "*" is one part of a path, a last "**" all that is below.
 */

#include <stdbool.h>

struct node;

/* Whether one of the patterns, a list, matches the path. */
bool bundle_matches(const struct node *patterns, const char *path);

/* Whether they make all names in the directory `path` known. */
bool bundle_lists(const struct node *patterns, const char *path);

#endif
