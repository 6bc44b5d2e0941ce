/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The time in which counters grew: between the two readings, or since boot. */
#include "base/clock.h"

#include "base/err.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/files.h"

#include <stdlib.h>

static void *clock_begin(const struct diagnose_run *run)
{
	int64_t *first = mem_new(1, sizeof(*first));

	(void)run;
	*first = clock_now_ms();
	return first;
}

static void clock_end(struct diagnose_run *run, void *first)
{
	const int64_t *before = first;
	double seconds;
	struct err e;
	int r = 0;

	if (before)
		seconds = (double)((clock_now_ms() - *before + 500) / 1000);
	else
		r = counter_uptime(run->h, &seconds, &e);
	if (r < 0)
		measure_add_unread(&run->measures, MEASURE_SECONDS, "", &e);
	else
		measure_add(&run->measures, MEASURE_SECONDS, "",
		            seconds >= 1.0 ? (int64_t)seconds : 1,
		            before ? NULL : COUNTER_UPTIME);
	free(first);
}

const struct diagnose_source source_clock = {
	.name = "clock", .needs_host = true, .begin = clock_begin, .end = clock_end};
