/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/deadline.h"

#include "base/clock.h"
#include "base/stop.h"

struct deadline deadline_in_ms(int64_t ms)
{
	return (struct deadline){.at_ms = clock_now_ms() + ms};
}

struct deadline deadline_earlier(struct deadline a, struct deadline b)
{
	bool b_first = a.at_ms == 0 || (b.at_ms != 0 && b.at_ms < a.at_ms);

	return (struct deadline){.at_ms = b_first ? b.at_ms : a.at_ms,
	                         .until_signal = a.until_signal || b.until_signal};
}

struct deadline deadline_without_signal(struct deadline d)
{
	d.until_signal = false;
	return d;
}

static bool deadline_is_signalled(struct deadline d)
{
	return d.until_signal && stop_signal();
}

int deadline_left_ms(struct deadline d, int limit_ms)
{
	int64_t left;

	if (deadline_is_signalled(d))
		return 0;
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

const char *deadline_reason(struct deadline d)
{
	return deadline_is_signalled(d) ? stop_reason() : "deadline exceeded";
}
