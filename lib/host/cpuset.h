/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_CPUSET_H
#define HOST_CPUSET_H

/* Sets of CPUs, in the two forms that the kernel writes them. */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

/* The most that Linux can be built for (NR_CPUS of arch/x86/Kconfig). */
#define CPUSET_MAX 8192

struct cpuset {
	uint64_t bits[CPUSET_MAX / 64];
};

/* Parse "0-3,8", or "" for none; or a mask such as "ff,00000000". Return: if it is one.
 */
bool cpuset_parse_list(const char *text, struct cpuset *ret);
bool cpuset_parse_mask(const char *text, struct cpuset *ret);

/* The reverse; a mask of none is "0". Owned by the caller. */
char *cpuset_list(const struct cpuset *c);
char *cpuset_mask(const struct cpuset *c);

bool cpuset_has(const struct cpuset *c, unsigned cpu);
void cpuset_add(struct cpuset *c, unsigned cpu);
unsigned cpuset_count(const struct cpuset *c);
void cpuset_unite(struct cpuset *c, const struct cpuset *other);
void cpuset_remove(struct cpuset *c, const struct cpuset *other);
void cpuset_intersect(struct cpuset *c, const struct cpuset *other);

/* Go through them: the first that is not below `from`; CPUSET_MAX: none is left. */
unsigned cpuset_next(const struct cpuset *c, unsigned from);

/* Read a file that holds a list. Return: 0; -EBADMSG: it holds none; -errno. */
int host_cpuset_read(const struct host *h, const char *path, struct cpuset *ret,
                     struct err *e);

#endif
