/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_RESOURCE_H
#define UNIT_RESOURCE_H

/*
 * One resource without an engine, to test a kind alone on the temporary root
 * (tmproot.h). The result of each is kept until the test ends.
 */

#include "resource/kind.h"

/*
 * A resource from "NAME: VALUE" in YAML, as a profile would have it at line 1.
 * Problems are added to `ps`; NULL: there must be none.
 */
struct resource *resource_new(const struct kind *kind, const char *text,
                              struct diagnostics *diag);

/* One called "data" that is not parsed yet. */
struct resource *resource_empty(const struct kind *kind);

/* Observe and diff as the engine does; the change is in the resource. */
void resource_observe(struct resource *r);

/* "drift LiveDiffers now=60: is 60, wanted 10" after resource_observe(). */
const char *resource_reported(struct resource *r);

/* Freeze `had` and apply. Return: its code; `e` is filled, *ret_reason may be NULL. */
int resource_apply(struct resource *r, enum reason *ret_reason, struct err *e);

#endif
