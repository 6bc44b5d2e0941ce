/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

/*
 * From resources to their states on a host. Audit and apply are one path: observe and
 * diff everything; an audit stops there.
 *
 * Apply is all or nothing as far as possible. A plan with a refusal or a failure is not
 * started. If a step fails, the steps before it are rolled back in reverse order; those
 * of irreversible kinds stay, which is reported. With on-failure: continue, only the
 * failed step is rolled back, and its dependents are skipped. A resource that waits for
 * something outside the plan (pending, with a reason other than WAITS) is not changed.
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
	bool expired;                     /* deadline exceeded */
};

void plan_init(struct plan *p, const struct profile *profile);

/* Observe and diff everything, and check what involves several resources. */
void plan_observe(struct plan *p, const struct host *h);

/*
 * Make the changes that plan_observe() found, unless a resource is refused or failed.
 *
 * Each resource is observed again just before and just after its change.
 * Return: 0; -1 if a resource is refused or failed, unless on-failure is continue.
 */
int plan_apply(struct plan *p, struct host *h);

/*
 * Observe again what the host may have reset after apply (KIND_RESET), and write it
 * again.
 *
 * `last`: do not write; fail what differs.
 * Return: whether anything was written.
 */
bool plan_reset(struct plan *p, struct host *h, bool last);

/* Gather the evidence of all resources, for reports that print it. Only reads. */
void plan_gather_details(struct plan *p, const struct host *h);

/* Count the states again, after one changed. */
void plan_count(struct plan *p);

/* Find the first resource with that state and reason; NULL: none. */
const struct resource *plan_find(const struct plan *p, enum state s, enum reason r);

#endif
