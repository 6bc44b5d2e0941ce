/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/log_time.h"
#include "test.h"

#include <ctype.h>

static const struct pause {
	const char *name, *a, *b;
	int64_t seconds; /* 0: they cannot be compared */
} pauses[] = {
	{"a new year", "Dec 31 23:59:58 ", "Jan  1 00:00:03 ", 5},
	{"months of another year", "Oct  2 00:00:00 ", "Aug  1 00:00:00 ", 304 * 86400},
	{"most of a year", "Jan  1 00:00:00 ", "Dec 30 00:00:00 ", 363 * 86400},
	{"disorder", "Nov 19 12:34:56 ", "Nov 19 12:34:55 ", -1},
	{"a year without a leap day", "Feb 28 23:59:58 ", "Mar  1 00:00:03 ", 5},
	{"a leap day", "Feb 29 23:59:58 ", "Mar  1 00:00:03 ", 5},
	{"before a leap day", "Feb 28 23:59:58 ", "Feb 29 00:00:03 ", 5},
	{"zones", "2024-11-19T12:59:58+00:00 ", "2024-11-19T14:00:03+01:00 ", 5},
	{"zones west", "2024-11-19T12:59:58Z ", "2024-11-19T09:30:03-0330 ", 5},
	{"no zone", "2024-11-19T12:59:58 ", "2024-11-19T13:00:03 ", 5},
	{"an unknown zone", "2024-11-19T12:59:58 ", "2024-11-19T13:00:03Z ", 0},
};

static void test_pause(void **state)
{
	const struct pause *row = *state;
	struct log_time a, b;
	int64_t usec = 0;

	if (isdigit((unsigned char)*row->a)) {
		assert_true(log_time_iso(row->a, &a) && log_time_iso(row->b, &b));
	} else {
		assert_true(log_time_syslog(row->a, &a) && log_time_syslog(row->b, &b));
	}
	assert_int_equal(log_time_between(&a, &b, &usec), row->seconds != 0);
	assert_int_equal(usec, row->seconds * 1000000);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, pauses, test_pause);
	return suite_run(&s);
}
