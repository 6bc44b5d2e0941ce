/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_CHECK_H
#define SYSCTL_CHECK_H

/*
 * Find wrong values of sysctls that the kernel would accept, or would refuse only in the
 * middle of a run. Uses the tables of sysctl/known/ and needs no host; skips a
 * formula that is not computed.
 */

#include "base/diagnostics.h"
#include "sysctl/value.h"

#include <stddef.h>

struct host_facts;

struct sysctl_wanted {
	const char *key; /* in its dotted spelling */
	struct place at;
	const struct sysctl_value *value;
	const char *when; /* its condition if that is undecided, else NULL */
	bool optional;
	bool persist;
	bool yields; /* out: "0", as the key that it excludes is set: nothing to write */
};

/* Check one sysctl by itself. */
void sysctl_check(const struct sysctl_wanted *w, struct diagnostics *diag);

/* Whether the value of a word will be `*ret` or more, or less. */
bool sysctl_check_at_least(const struct sysctl_word *w, int64_t *ret);
bool sysctl_check_at_most(const struct sysctl_word *w, int64_t *ret);

/*
 * How many connections with buffers of full size must fit in the memory of TCP: EC2
 * limits one connection to 5 Gbit/s, so 20 fill 100 Gbit/s. If fewer fit, TCP runs short
 * of memory before the network is full.
 */
#define SYSCTL_CHECK_FLOWS 20

/*
 * Check the `n` sysctls of a profile against each other and the node (NULL: unknown), and
 * set `yields` of each.
 */
void sysctl_check_all(struct sysctl_wanted *list, size_t n,
                      const struct host_facts *facts, struct diagnostics *diag);

#endif
