/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_COMPONENT_H
#define SYSCTL_KNOWN_COMPONENT_H

/* Programs of a Kubernetes node that require a value, or set their own. */

#include "sysctl/known/name.h"

#include <stdint.h>

enum sysctl_claim {
	CLAIM_REQUIRES, /* does not start with another value */
	CLAIM_RAISES,   /* raises a lower value when it starts */
	CLAIM_SETS,     /* sets it when it starts, whatever it was */
};

struct sysctl_component {
	struct sysctl_name key; /* with "*" for an interface */
	enum sysctl_claim claim;
	int64_t value;
	const char *who; /* the program, and the condition */
};

/* The next claim on the key, after `after` (NULL: the first); NULL: none. */
const struct sysctl_component *
sysctl_component_next(const char *key, const struct sysctl_component *after);

#endif
