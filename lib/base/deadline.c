/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/deadline.h"

#include "base/clock.h"

struct deadline deadline_in_ms(int64_t ms)
{
	return (struct deadline){clock_now_ms() + ms};
}

struct deadline deadline_earlier(struct deadline a, struct deadline b)
{
	if (a.at_ms == 0 || b.at_ms == 0)
		return a.at_ms ? a : b;
	return a.at_ms < b.at_ms ? a : b;
}

int deadline_left_ms(struct deadline d, int limit_ms)
{
	int64_t left;

	if (d.at_ms == 0)
		return limit_ms;
	left = d.at_ms - clock_now_ms();
	if (left < 0)
		return 0;
	return left < limit_ms ? (int)left : limit_ms;
}

bool deadline_expired(struct deadline d)
{
	return deadline_left_ms(d, 1) == 0;
}
