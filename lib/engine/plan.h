/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

/*
 * From resources to their states on a host. Audit and apply are one path: observe
 * and diff all; an audit stops there.
 *
 * Apply is all or nothing as far as that is possible: a plan with a refusal or a
 * failure in it is not begun; when a step fails, the steps before it are put back
 * in reverse order, but for those of irreversible kinds, which is told. A profile may
 * ask to go on instead: then only the step that failed is put back, and what stands on
 * it is left alone. What waits for somebody else (pending, and the reason is not WAITS)
 * is left alone and stays so.
 */

#include "base/err.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct profile;

struct plan {
	struct resource **resources; /* borrowed from the profile */
	size_t n;
	size_t counts[STATE_SKIPPED + 1]; /* resources by state */
	bool continue_on_failure;         /* on-failure: continue */
	bool expired;                     /* the deadline passed */
};

void plan_init(struct plan *p, const struct profile *profile);

/* Observe and diff everything, and check what concerns several resources. */
void plan_observe(struct plan *p, const struct host *h);

/*
 * Act on what plan_observe() found, unless something is refused or failed. Each
 * resource is observed again just before and just after its change.
 * Return: 0, or -1 if anything is refused or failed, and the plan does not go on then.
 */
int plan_apply(struct plan *p, struct host *h);

/*
 * Look again at what the host may have reset after the act (KIND_RESET), and write it
 * again; with `last`, fail what then differs. Return: whether anything was written.
 */
bool plan_reset(struct plan *p, struct host *h, bool last);

/* Gather the evidence of all resources, for reports that tell it. Only reads. */
void plan_gather_details(struct plan *p, const struct host *h);

/* Count states anew, after something changed them. */
void plan_count(struct plan *p);

/* The first resource in that state and with that reason; NULL: none. */
const struct resource *plan_find(const struct plan *p, enum state s, enum reason r);

#endif
