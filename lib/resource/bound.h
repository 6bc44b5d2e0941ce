/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_BOUND_H
#define RESOURCE_BOUND_H

/*
 * A number of a profile that is exact ("4096"), the highest that the device has ("max"),
 * or a bound that only raises or only lowers the current one ({min: 1024}).
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stdint.h>

struct node;

/* For the highest value of a device: it has no limit, or none that is known. */
#define BOUND_NO_LIMIT UINT64_MAX

struct bound {
	bool set, top;     /* top: "max" */
	uint64_t min, max; /* exact: equal; raise only: max is UINT64_MAX */
};

/* What the profile accepts, for messages and limits. */
struct bound_range {
	const char *name;
	uint64_t low, high;
	bool top; /* "max" is accepted */
};

/*
 * Read a node. A formula that is not computed yet leaves *ret as it is, so does an error,
 * which is added to `diag`.
 */
void bound_parse(const struct bound_range *range, const struct node *n, struct bound *ret,
                 struct diagnostics *diag);

/*
 * The value that `now` must become. `limit`: the highest of the device. "max" without a
 * limit is `now`.
 */
uint64_t bound_resolve(const struct bound *b, uint64_t now, uint64_t limit);

/* "=4096", "=max", ">=1024", "<=1024", "=1..9". Owned by the caller. */
char *bound_text(const struct bound *b);

#endif
