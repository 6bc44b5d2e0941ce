/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/clock.h"

#include <time.h>

int64_t clock_now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_unix_s(void)
{
	return (int64_t)time(NULL);
}
