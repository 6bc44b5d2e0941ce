/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_RESOURCE_H
#define UNIT_RESOURCE_H

/*
 * One resource without an engine, to test a kind alone on the temporary root (tmproot.h).
 * Results are kept until the test ends.
 */

#include "resource/kind.h"

/*
 * Parse "NAME: VALUE" in YAML into a resource, as if at line 1 of a profile.
 *
 * Problems are added to `ps`; NULL: there must be none.
 */
struct resource *resource_new(const struct kind *kind, const char *text,
                              struct diagnostics *diag);

/* Make a resource named "data" that is not parsed. */
struct resource *resource_empty(const struct kind *kind);

/* Observe and diff as the engine does; the change is stored in the resource. */
void resource_observe(struct resource *r);

/* Call resource_observe() and format: "drift LiveDiffers now=60: is 60, should be 10". */
const char *resource_reported(struct resource *r);

/* Freeze `had` and apply. Return: its code; `e` is filled, *ret_reason may be NULL. */
int resource_apply(struct resource *r, enum reason *ret_reason, struct err *e);

#endif
