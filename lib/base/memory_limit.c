/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/memory_limit.h"

#include <stdbool.h>
#include <sys/resource.h>

#define LIMIT_BYTES ((rlim_t)1024 * 1024 * 1024)

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
	__has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(thread_sanitizer)
static const bool has_sanitizer = true;
#else
static const bool has_sanitizer = false;
#endif

/* Only the soft limit changes, so that a child can have the old one again. */
void memory_limit_set(void)
{
	struct rlimit limit;

	if (has_sanitizer || getrlimit(RLIMIT_AS, &limit) < 0 ||
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
