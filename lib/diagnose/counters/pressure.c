/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/pressure.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/tally.h"
#include "host/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRESSURE "/proc/pressure"

/* "some avg10=0.12 avg60=3.45 avg300=0.00 total=123456" */
static struct pressure_line line_of(const char *text, const char *word)
{
	struct pressure_line line = {0};
	const char *at = strstr(text, word);

	if (at && (at == text || at[-1] == '\n') &&
	    sscanf(at + strlen(word),
	           " avg10=%*[0-9.] avg60=%3" SCNu64 ".%*[0-9] avg300=%*[0-9.] "
	           "total=%" SCNu64,
	           &line.avg60, &line.total) == 2)
		line.known = line.avg60 <= 100;
	return line;
}

void pressure_parse(const char *text, struct pressure *ret)
{
	*ret = (struct pressure){.some = line_of(text, "some"),
	                         .full = line_of(text, "full")};
}

/* --- the source ----------------------------------------------------------------------
 */

static const struct {
	const char *path;
	enum measure_id some, full; /* the same id: CPUs have no "full" */
} files[] = {
	{PRESSURE "/cpu", MEASURE_CPU_PRESSURE, MEASURE_CPU_PRESSURE},
	{PRESSURE "/io", MEASURE_IO_PRESSURE, MEASURE_IO_PRESSURE_FULL},
	{PRESSURE "/memory", MEASURE_MEMORY_PRESSURE, MEASURE_MEMORY_PRESSURE_FULL},
};

struct pressure_reading {
	int64_t ms;
	struct {
		int r;
		struct err e;
		struct pressure p;
	} of[ARRAY_SIZE(files)];
};

static struct pressure_reading *pressure_read(const struct host *h)
{
	struct pressure_reading *new = mem_new(1, sizeof(*new));

	new->ms = clock_now_ms();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_free_ char *text = NULL;

		new->of[i].r =
			host_file_read_line(h, files[i].path, &text, &new->of[i].e);
		if (new->of[i].r == 0)
			pressure_parse(text, &new->of[i].p);
	}
	return new;
}

static void *pressure_begin(const struct diagnose_run *run)
{
	return pressure_read(run->h);
}

/* Of the time between the readings; without a first one, of the last minute. */
static void add_line(struct diagnose_run *run, enum measure_id id, const char *path,
                     struct pressure_line now, struct pressure_line before, int64_t ms)
{
	_free_ char *why = mem_format("%s: cannot be parsed", path);
	uint64_t us = counter_since(before.total, now.total, 64);
	uint64_t percent = ms > 0 ? us / 10 / (uint64_t)ms : now.avg60;

	if (now.known && (ms == 0 || before.known))
		measure_add(&run->measures, id, "",
		            percent > 100 ? 100 : (int64_t)percent, path);
	else
		measure_add_absent(&run->measures, id, "", why);
}

static void add_file(struct diagnose_run *run, size_t i,
                     const struct pressure_reading *now,
                     const struct pressure_reading *before)
{
	const struct err *fault = now->of[i].r < 0                ? &now->of[i].e
	                          : before && before->of[i].r < 0 ? &before->of[i].e
	                                                          : NULL;
	struct pressure had = before ? before->of[i].p : (struct pressure){0};
	int64_t ms = before ? now->ms - before->ms : 0;

	if (fault) {
		measure_add_unread(&run->measures, files[i].some, "", fault);
		if (files[i].full != files[i].some)
			measure_add_unread(&run->measures, files[i].full, "", fault);
		return;
	}
	add_line(run, files[i].some, files[i].path, now->of[i].p.some, had.some, ms);
	if (files[i].full != files[i].some)
		add_line(run, files[i].full, files[i].path, now->of[i].p.full, had.full,
		         ms);
}

/*
 * Without PSI the directory does not exist, or reading answers EOPNOTSUPP. A captured
 * tree may just not have it: then only /proc/vmstat is evidence that it would.
 */
static void add_switch(struct diagnose_run *run, int r, const struct err *e)
{
	bool off = r == -EOPNOTSUPP ||
	           (r == -ENOENT && host_file_exists(run->h, "/proc/vmstat"));

	if (r == 0 || off)
		measure_add(&run->measures, MEASURE_PRESSURE_ON, "", r == 0, PRESSURE);
	else
		measure_add_unread(&run->measures, MEASURE_PRESSURE_ON, "", e);
}

static void pressure_end(struct diagnose_run *run, void *first)
{
	struct pressure_reading *now = pressure_read(run->h);

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		add_file(run, i, now, first);
	add_switch(run, now->of[0].r, &now->of[0].e);
	free(now);
	free(first);
}

const struct diagnose_source source_pressure = {.name = "pressure",
                                                .needs_host = true,
                                                .begin = pressure_begin,
                                                .end = pressure_end};
