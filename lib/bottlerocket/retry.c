/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/retry.h"

#include "base/progress.h"

#include <limits.h>
#include <time.h>

#define PAUSES_MAX     6
#define FIRST_PAUSE_MS 100

bool retry_pause(struct retry *r, struct deadline until)
{
	int ms = r->pause_ms ? r->pause_ms : FIRST_PAUSE_MS;
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	if (r->pauses == PAUSES_MAX || deadline_left_ms(until, INT_MAX) <= ms)
		return false;
	progress_tick();
	(void)nanosleep(&ts, NULL);
	r->pauses++;
	r->pause_ms = ms * 2;
	return true;
}
