/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/deadline.h"
#include "base/stop.h"

#include "base/clock.h"
#include "test.h"

#include <limits.h>
#include <signal.h>

static const struct deadline never;

static void test_never(void **state)
{
	(void)state;
	assert_int_equal(deadline_left_ms(never, 1234), 1234);
	assert_false(deadline_expired(never));
}

static void test_passed(void **state)
{
	(void)state;
	assert_int_equal(deadline_left_ms(deadline_in_ms(-1), INT_MAX), 0);
	assert_true(deadline_expired(deadline_in_ms(-1)));
}

static void test_left(void **state)
{
	int left = deadline_left_ms(deadline_in_ms(60000), INT_MAX);

	(void)state;
	assert_in_range(left, 1, 60000);
	assert_int_equal(deadline_left_ms(deadline_in_ms(60000), 10), 10);
	/* more milliseconds than an int holds */
	assert_int_equal(deadline_left_ms((struct deadline){.at_ms = INT64_MAX}, INT_MAX),
	                 INT_MAX);
	assert_false(deadline_expired(deadline_in_ms(60000)));
}

static void test_earlier(void **state)
{
	struct deadline soon = {.at_ms = 1000}, late = {.at_ms = 2000};

	(void)state;
	assert_int_equal(deadline_earlier(soon, late).at_ms, 1000);
	assert_int_equal(deadline_earlier(late, soon).at_ms, 1000);
	assert_int_equal(deadline_earlier(never, late).at_ms, 2000);
	assert_int_equal(deadline_earlier(late, never).at_ms, 2000);
	assert_int_equal(deadline_earlier(never, never).at_ms, 0);
}

/* A deadline with until_signal comes with the signal; the others do not notice it. */
static void test_signal(void **state)
{
	struct deadline d = {.until_signal = true}, later = deadline_in_ms(60000);
	struct deadline both = deadline_earlier(later, d);

	(void)state;
	assert_false(deadline_expired(d));
	assert_false(deadline_expired(both));
	assert_int_equal(both.at_ms, later.at_ms);
	stop_note(SIGTERM);
	assert_true(deadline_expired(d));
	assert_true(deadline_expired(both));
	assert_false(deadline_expired(later));
	assert_false(deadline_expired(deadline_without_signal(both)));
	assert_string_equal(deadline_reason(both), "ended by SIGTERM");
	assert_string_equal(deadline_reason(later), "deadline exceeded");
	stop_note(0);
	assert_false(deadline_expired(both));
	assert_string_equal(deadline_reason(both), "deadline exceeded");
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "never", test_never);
	suite_test(&s, "passed", test_passed);
	suite_test(&s, "time left", test_left);
	suite_test(&s, "the earlier of two", test_earlier);
	suite_test(&s, "a signal", test_signal);
	return suite_run(&s);
}
