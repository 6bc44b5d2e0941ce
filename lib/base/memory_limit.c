/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/memory_limit.h"

#include "base/macro.h"

#include <sys/resource.h>

#define LIMIT_BYTES ((rlim_t)1024 * 1024 * 1024)

/* Only the soft limit changes, so that a child can have the old one again. */
void memory_limit_set(void)
{
	struct rlimit limit;

	if (HAS_SANITIZER || getrlimit(RLIMIT_AS, &limit) < 0 ||
	    limit.rlim_cur <= LIMIT_BYTES)
		return;
	limit.rlim_cur = LIMIT_BYTES;
	(void)setrlimit(RLIMIT_AS, &limit);
}

void memory_limit_lift(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur != LIMIT_BYTES)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_AS, &limit);
}
