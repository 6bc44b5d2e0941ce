/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A deadline or a signal in the middle of a plan. */
#include "base/mem.h"
#include "fake.h"
#include "test.h"

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static const struct part pair[PARTS_MAX] = {
	{PART("a", KEEP, "1", "2")}, {PART("b", KEEP, NULL, "2"), .fault = APPLY_FAILS}};

/* The deadline stops what has not started; what was done is rolled back. */
static void test_deadline(void **state)
{
	(void)state;
	fake_make(pair);
	plan_observe(&fake_plan, &fake_host);
	fake_host.deadline.at_ms = clock_ms() - 1;
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_true(fake_plan.expired);
	assert_string_equal(fake_log(), "");
	assert_string_equal(fake_states(),
	                    "a failed DeadlinePassed 1;b drift NotAttempted -;");
	assert_int_equal(fake_plan.counts[STATE_FAILED], 1);
	/* a resource in sync cannot be late */
	mem_set(&fakes[0]->live, mem_dup("2"));
	mem_set(&fakes[1]->live, mem_dup("2"));
	plan_init(&fake_plan, &fake_profile);
	fake_host.deadline.at_ms = 0;
	plan_observe(&fake_plan, &fake_host);
	fake_host.deadline.at_ms = clock_ms() - 1;
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_false(fake_plan.expired);
}

/* What is not read in time is unknown, and unknown permits no write. */
static void test_deadline_observing(void **state)
{
	(void)state;
	for (int go_on = 0; go_on < 2; go_on++) {
		fake_make(pair);
		fake_plan.continue_on_failure = go_on;
		fake_host.deadline.at_ms = clock_ms() - 1;
		plan_observe(&fake_plan, &fake_host);
		assert_true(fake_plan.expired);
		assert_string_equal(fake_plan.resources[0]->run.change.message,
		                    "not read: deadline exceeded");
		/* it gets no second chance */
		fake_host.deadline.at_ms = 0;
		(void)plan_apply(&fake_plan, &fake_host);
		assert_string_equal(fake_log(), "");
		assert_string_equal(fake_states(), "a failed DeadlinePassed 1;"
		                                   "b failed DeadlinePassed -;");
		fake_free();
	}
}

/* The deadline may also be exceeded in the middle of the run. */
static void test_deadline_between(void **state)
{
	static const struct part parts[PARTS_MAX] = {
		{PART("a", KEEP, "1", "2")},
		{PART("b", KEEP, "1", "2"), .fault = TAKES_LONG},
		{PART("c", KEEP, "1", "2")},
		{PART("d", KEEP, "1", "2")},
	};

	(void)state;
	fake_make(parts);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_true(fake_plan.expired);
	assert_string_equal(fake_log(), "apply a;apply b;revert b;revert a;");
	assert_string_equal(
		fake_states(),
		"a drift Reverted 1;b drift Reverted 1;c failed DeadlinePassed 1;"
		"d drift NotAttempted 1;");
}

/* The step itself runs out of time, even if it is the last. */
static void test_deadline_within(void **state)
{
	static const struct part late[] = {{PART("a", KEEP, "1", "2")},
	                                   {PART("b", KEEP, "1", "2"),
	                                    .fault = TIMES_OUT},
	                                   {0}},
				 stuck[] = {{PART("a", KEEP, "1", "2")},
	                                    {PART("b", KEEP, "1", "2"), .fault = STUCK},
	                                    {0}};

	(void)state;
	fake_make(late);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_true(fake_plan.expired);
	assert_string_equal(fake_states(),
	                    "a drift Reverted 1;b failed DeadlinePassed 1;");
	assert_string_equal(fake_profile.resources[1]->run.change.message,
	                    "too late (deadline exceeded)");
	fake_free();
	fake_make(stuck);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_true(fake_plan.expired);
	assert_string_equal(fake_states(),
	                    "a drift Reverted 1;b failed DeadlinePassed 1;");
}

/* A signal stops the run as the deadline does; the step under way ends. */
static void test_signal(void **state)
{
	static const struct part parts[] = {
		{PART("a", KEEP, "1", "2")},
		{PART("b", KEEP, "1", "2"), .fault = SIGNALLED},
		{PART("c", KEEP, "1", "2")},
		{PART("d", ONCE, NULL, "2")},
		{0}};

	(void)state;
	fake_make(parts);
	fake_host.deadline.until_signal = true;
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_true(fake_plan.expired);
	assert_string_equal(fake_log(), "apply a;apply b;revert b;revert a;");
	assert_string_equal(
		fake_states(),
		"a drift Reverted 1;b drift Reverted 1;c failed Interrupted 1;"
		"d drift NotAttempted -;");
	assert_string_equal(fake_profile.resources[2]->run.change.message,
	                    "not started: ended by SIGTERM");
	/* the deadline of the run is as before */
	assert_int_equal(fake_host.deadline.at_ms, 0);
}

/* After the last step nothing is left to stop: the run has succeeded. */
static void test_signal_last(void **state)
{
	static const struct part parts[] = {
		{PART("a", KEEP, "1", "2")},
		{PART("b", KEEP, "1", "2"), .fault = SIGNALLED},
		{0}};

	(void)state;
	fake_make(parts);
	fake_host.deadline.until_signal = true;
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_false(fake_plan.expired);
	assert_string_equal(fake_states(), "a changed Applied 2;b changed Applied 2;");
}

/* The drives that are being formatted are finished, and no other is started. */
static void test_signal_slow(void **state)
{
	static const struct part parts[] = {
		{PART("a", SLOW, NULL, "x"), .fault = SIGNALLED},
		{PART("b", SLOW, NULL, "x")},
		{PART("c", KEEP, "1", "2")},
		{0}};

	(void)state;
	fake_make(parts);
	fake_host.deadline.until_signal = true;
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_string_equal(fake_log(), "apply a;finish a;");
	assert_string_equal(fake_states(),
	                    "a changed NotRolledBack x;b failed Interrupted -;"
	                    "c drift NotAttempted 1;");
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "deadline", test_deadline);
	suite_test(&s, "deadline while observing", test_deadline_observing);
	suite_test(&s, "deadline between two steps", test_deadline_between);
	suite_test(&s, "deadline within a step", test_deadline_within);
	suite_test(&s, "signal", test_signal);
	suite_test(&s, "signal during the last step", test_signal_last);
	suite_test(&s, "signal during a slow step", test_signal_slow);
	return suite_run(&s);
}
