/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_ASIDE_H
#define ENGINE_ASIDE_H

/*
 * What a run sets aside: it differs, but is not changed, because a waiver covers it
 * (profile/waive.h) or because it depends on such a resource.
 */

#include <stdbool.h>

struct resource;

/*
 * Whether a waiver in force covers the resource as it is: it differs, or the host cannot
 * have it. What is refused, or cannot be read, is never covered.
 */
bool aside_is_waived(const struct resource *r);

/* Whether what depends on the resource is set aside, too. */
bool aside_holds(const struct resource *r);

#endif
