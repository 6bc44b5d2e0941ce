/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_LOG_TIME_H
#define DIAGNOSE_LOG_LOG_TIME_H

/* When a record was written, as logs have it: since boot, or by a clock. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_time {
	enum log_clock {
		LOG_CLOCK_NONE,
		LOG_CLOCK_BOOT,  /* microseconds since boot */
		LOG_CLOCK_WALL,  /* microseconds since 1970, UTC */
		LOG_CLOCK_LOCAL, /* the same in the zone of the log, which is unknown */
		LOG_CLOCK_YEAR,  /* and in an unknown year: "Nov 19 12:34:56" */
	} clock;
	int64_t usec;
	int zone; /* of a time by LOG_CLOCK_WALL, as the log has it: minutes east of UTC
	           */
};

/*
 * Read a time at the start of `text`, which ends with NUL. Return: its length, 0 if there
 * is none.
 *
 *	seconds   12.345678
 *	ctime     Tue Nov 19 12:34:56 2024
 *	iso       2024-11-19T12:34:56,123456+00:00
 *	syslog    Nov 19 12:34:56
 */
size_t log_time_seconds(const char *text, struct log_time *ret);
size_t log_time_ctime(const char *text, struct log_time *ret);
size_t log_time_iso(const char *text, struct log_time *ret);
size_t log_time_syslog(const char *text, struct log_time *ret);

/*
 * "[ 8123.456789]", "2024-11-19 12:34:56", "2024-11-19 12:34:56+01:00", "Nov 19
 * 12:34:56"; NULL: none. Owned.
 */
char *log_time_format(const struct log_time *t);

/*
 * How much later `b` is, in microseconds. Without years, one that is months earlier is of
 * the next year. Return: false: they cannot be compared.
 */
bool log_time_between(const struct log_time *a, const struct log_time *b, int64_t *ret);

#endif
