/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The time in which counters grew: between the two readings, or since boot. */
#include "base/clock.h"

#include "base/err.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "host/file.h"

#include <stdlib.h>

#define UPTIME "/proc/uptime"

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
	_free_ char *text = NULL;
	struct err e;
	int64_t seconds = 0;

	if (before)
		seconds = (clock_now_ms() - *before + 500) / 1000;
	else if (host_file_read_line(run->h, UPTIME, &text, &e) == 0)
		seconds = strtoll(text, NULL, 10);
	else
		measure_add_unread(&run->measures, MEASURE_SECONDS, "", &e);
	if (before || text)
		measure_add(&run->measures, MEASURE_SECONDS, "",
		            seconds > 0 ? seconds : 1, before ? NULL : UPTIME);
	free(first);
}

const struct diagnose_source source_clock = {
	.name = "clock", .needs_host = true, .begin = clock_begin, .end = clock_end};
