/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/boots.h"

#include <stdbool.h>
#include <string.h>

#define SECOND INT64_C(1000000)

/* CPUs take the time of a record before its place: it can be earlier than the last. */
#define DISORDER SECOND

/* Records that are written before the version of the kernel, on some machines. */
#define EARLY_RECORDS 8

/* Of the first record of each boot, or almost. */
static const char banner[] = "Linux version ";

static bool is_banner(const struct log_record *r)
{
	return r->len > strlen(banner) && memcmp(r->text, banner, strlen(banner)) == 0;
}

void boots_next(struct boots *b)
{
	*b = (struct boots){.boot = b->boot + 1};
}

void boots_place(struct boots *b, struct log_record *record)
{
	bool timed = record->time.clock == LOG_CLOCK_BOOT;
	bool earlier = timed && record->time.usec + DISORDER < b->last;
	bool banner_later =
		is_banner(record) && (b->last >= SECOND || b->records > EARLY_RECORDS);

	if (b->boot == 0 || earlier || banner_later)
		boots_next(b);
	b->records++;
	if (timed && record->time.usec > b->last)
		b->last = record->time.usec;
	record->boot = b->boot;
}
