/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/clock.h"

#include <time.h>

static int64_t clock_read_ms(clockid_t clock)
{
	struct timespec ts;

	(void)clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	return clock_read_ms(CLOCK_MONOTONIC);
}

int64_t clock_boot_ms(void)
{
	return clock_read_ms(CLOCK_BOOTTIME);
}

int64_t clock_unix_s(void)
{
	return (int64_t)time(NULL);
}
