/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_WAIVE_H
#define PROFILE_WAIVE_H

/*
 * The key "waive": differences that are agreed, each with a reason and a last day.
 *
 * A waiver covers resources that differ, or that the host cannot have. It never covers
 * what is refused or unknown.
 *
 * Each waiver is a resource, too, of a kind that has no section: an expired waiver is
 * reported. These resources follow the others in profile->resources, and are sorted by
 * their last day, so that the expired ones come first.
 */

#include "base/diagnostics.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stdint.h>

struct node;
struct profile;

struct waiver {
	struct resource r; /* its name is `resource` */
	char *resource;    /* "KIND NAME" as reports print it; NAME may be a glob(7) */
	char *reason;
	char *until;    /* the last day, in UTC, such as "2027-03-31" */
	int64_t over_s; /* Unix time of the end of that day */
	size_t number;  /* in the merged profile: of two that end at once, the later one
	                   counts */
};

extern const struct field waive_keys[];
extern const struct kind kind_waiver; /* not in the list of kinds */

/* Whether the waiver is in force at that Unix time. */
bool waive_in_force(const struct waiver *w, int64_t now_s);

/* Return the waiver that a resource of the kind "waiver" is. */
const struct waiver *waive_of(const struct resource *r);

/*
 * Check the list `n` of one file. Items that are wrong are reported and removed.
 * Return: whether it is no list, as reported.
 */
bool waive_fault(struct node *n, struct diagnostics *diag);

/*
 * Make the waivers of the merged profile, and set spec.waiver in each resource that they
 * cover. Warn about those that cover nothing; if `offline`, also about expired ones,
 * which otherwise the run reports.
 */
void waive_instantiate(struct profile *p, bool offline, struct diagnostics *diag);

#endif
