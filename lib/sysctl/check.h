/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_CHECK_H
#define SYSCTL_CHECK_H

/*
 * What is wrong with the values of sysctls that the kernel would take, or would refuse
 * only in the middle of a run. Told by the table of sysctl/known.h, without a
 * host; a formula that is not computed is left alone.
 */

#include "base/diagnostics.h"
#include "sysctl/value.h"

#include <stddef.h>

struct host_facts;

struct sysctl_wanted {
	const char *key; /* in its dotted spelling */
	struct place at;
	const struct sysctl_value *value;
	const char *when; /* its condition, if that is not decided, or NULL */
};

/* One sysctl by itself. */
void sysctl_check(const struct sysctl_wanted *w, struct diagnostics *diag);

/*
 * How many connections, with buffers as large as they may become, should fit in what TCP
 * may use: one is limited to 5 Gbit/s by EC2, so 20 are what fills 100 Gbit/s. With
 * fewer, all are throttled before the network is.
 */
#define SYSCTL_CHECK_FLOWS 20

/* The `n` sysctls of a profile, against each other and the node (NULL: not known). */
void sysctl_check_all(const struct sysctl_wanted *list, size_t n,
                      const struct host_facts *facts, struct diagnostics *diag);

#endif
