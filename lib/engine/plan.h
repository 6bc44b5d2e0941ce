/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

/*
 * From resources to their states on a host. Audit and apply are one path: observe
 * and diff all; an audit stops there.
 *
 * Apply is all or nothing as far as that is possible: a plan with a refusal or a
 * failure in it is not begun; when a step fails, the steps before it are put back
 * in reverse order, but for those of irreversible kinds, which is told. What waits for
 * somebody else (pending, and the reason is not WAITS) is left alone and stays so.
 */

#include "base/err.h"
#include "kinds/kind.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct profile;

struct plan {
	struct resource **resources; /* borrowed from the profile */
	size_t n;
	size_t counts[STATE_SKIPPED + 1]; /* resources by state */
	bool expired;                     /* the deadline passed */
};

void plan_init(struct plan *p, const struct profile *profile);

/* Observe and diff everything, and check what concerns several resources. */
void plan_observe(struct plan *p, const struct host *h);

/*
 * Act on what plan_observe() found, unless something is refused or failed. Each
 * resource is observed again just before and just after its change.
 * Return: 0, or -1 if anything is refused or failed.
 */
int plan_apply(struct plan *p, struct host *h);

/* Gather the evidence of all resources, for reports that tell it. Only reads. */
void plan_gather(struct plan *p, const struct host *h);

/* Count states anew, after something changed them. */
void plan_count(struct plan *p);

/* The first resource in that state and with that reason; NULL: none. */
const struct resource *plan_find(const struct plan *p, enum state s, enum reason r);

#endif
