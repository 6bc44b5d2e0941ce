/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Values that the host resets after they were written. */
#include "base/mem.h"
#include "fake.h"
#include "test.h"

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

/* What the host resets after apply is written again; what does not stay fails. */
static void test_reset(void **state)
{
	static const struct part parts[] = {{PART("a", SET, "1", "2")},
	                                    {PART("b", SET, "2", "2")},
	                                    {PART("c", KEEP, "1", "2")},
	                                    {0}};

	(void)state;
	fake_make(parts);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	fake_forget();
	assert_false(plan_reset(&fake_plan, &fake_host, false));
	assert_string_equal(fake_log(), "");
	for (size_t i = 0; i < 3; i++)
		mem_set(&fakes[i]->live, mem_dup("reset"));
	assert_true(plan_reset(&fake_plan, &fake_host, false));
	assert_string_equal(fake_log(), "apply a;apply b;");
	assert_string_equal(fake_states(),
	                    "a changed Applied 2;b ok  2;c changed Applied reset;");
	mem_set(&fakes[0]->live, mem_dup("again"));
	assert_false(plan_reset(&fake_plan, &fake_host, true));
	assert_string_equal(fake_states(),
	                    "a failed NotKept again;b ok  2;c changed Applied reset;");
	assert_int_equal(fake_plan.counts[STATE_FAILED], 1);
}

/* What may not be written again, such as a file system, is reported as it is. */
static void test_settle_once(void **state)
{
	static const struct part parts[] = {
		{PART("a", KEEP, "1", "2"), .moves = "b", .to = "9"},
		{PART("b", ONCE, "5", "5")},
		{0}};

	(void)state;
	fake_make(parts);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_string_equal(fake_states(), "a changed Applied 2;b drift LiveDiffers 9;");
	assert_string_equal(fake_log(), "apply a;");
	assert_int_equal(fake_plan.counts[STATE_DRIFT], 1);
}

/* The message of a value that does not settle names both. */
static void test_settle_message(void **state)
{
	static const struct part parts[] = {
		{PART("a", SET, "1", "2"), .moves = "b", .to = "8"},
		{PART("b", SET, "5", "6"), .moves = "a", .to = "9"},
		{0}};
	const struct change *c;

	(void)state;
	fake_make(parts);
	fake_plan.continue_on_failure = true;
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	c = &fake_profile.resources[0]->run.change;
	assert_int_equal(c->state, STATE_FAILED);
	assert_string_equal(c->message,
	                    "should be 2, but is now 9: writing set b changes it");
	assert_string_equal(c->remedy, "remove one of the two from the profile");
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "values that are reset afterwards", test_reset);
	suite_test(&s, "a moved value that is not written again", test_settle_once);
	suite_test(&s, "values that do not settle", test_settle_message);
	return suite_run(&s);
}
