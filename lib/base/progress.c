/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/progress.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdbool.h>

static void (*report_to)(const char *what, unsigned seconds);

static struct {
	char *what; /* NULL: no step */
	int64_t began_ms;
	unsigned reported_s; /* 0: not yet */
} step;

void progress_report_to(void (*report)(const char *what, unsigned seconds))
{
	report_to = report;
}

void progress_start(const char *fmt, ...)
{
	va_list ap;

	progress_end();
	if (!report_to)
		return;
	va_start(ap, fmt);
	step.what = mem_vformat(fmt, ap);
	va_end(ap);
	step.began_ms = clock_now_ms();
}

void progress_started_at(int64_t ms)
{
	step.began_ms = ms;
}

void progress_tick(void)
{
	int64_t seconds;

	if (!step.what)
		return;
	seconds = (clock_now_ms() - step.began_ms) / 1000;
	if (seconds <= step.reported_s)
		return;
	step.reported_s = (unsigned)seconds;
	report_to(step.what, step.reported_s);
}

void progress_end(void)
{
	if (step.reported_s > 0)
		report_to(NULL, 0);
	mem_set(&step.what, NULL);
	step.reported_s = 0;
}
