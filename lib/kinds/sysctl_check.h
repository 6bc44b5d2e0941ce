/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KINDS_SYSCTL_CHECK_H
#define KINDS_SYSCTL_CHECK_H

/*
 * What is wrong with the values of sysctls that the kernel would take, or would refuse
 * only in the middle of a run. Told by the table of kinds/sysctl_known.h, without a
 * host; a formula that is not computed is left alone.
 */

#include "base/problems.h"
#include "kinds/sysctl_value.h"

#include <stddef.h>

struct sysctl_wanted {
	const char *key; /* in its dotted spelling */
	struct place at;
	const struct sysctl_value *value;
};

/* One sysctl by itself. */
void sysctl_check(const struct sysctl_wanted *w, struct problems *ps);

/* The `n` sysctls of a profile, against each other. */
void sysctl_check_all(const struct sysctl_wanted *list, size_t n, struct problems *ps);

#endif
