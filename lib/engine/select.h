/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_SELECT_H
#define ENGINE_SELECT_H

/*
 * Run only a part of a profile: --only and --skip. A selector is KIND or KIND:NAME; both
 * can be globs, and the section of a kind stands for all kinds that read it.
 */

#include "base/err.h"

#include <stddef.h>

struct resource;

/* Lists of selectors, each may be several joined by ","; NULL-terminated; NULL: none. */
struct selection {
	const char *const *only, *const *skip;
};

/*
 * Set run.required_by and run.unselected in the `n` resources of a profile, sorted by
 * kind. What `only` selects includes what that depends on; what `skip` selects includes
 * what depends on it, and wins.
 *
 * Return: 0, or -EINVAL if a selector selects nothing.
 */
int select_resources(struct resource *const *list, size_t n, const struct selection *s,
                     struct err *e);

#endif
