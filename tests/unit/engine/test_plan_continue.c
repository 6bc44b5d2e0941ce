/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* on-failure: continue. */
#include "fake.h"
#include "test.h"

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

/* on-failure: continue. What can be done is done, except dependents of a failure. */
static void test_go_on(void **state)
{
	static const struct part parts[] = {
		{PART("a", KEEP, "1", "2"), .fault = REFUSED},
		{PART("b", KEEP, "1", "2")},
		{PART("c", KEEP, "1", "2"), .fault = APPLY_HALF},
		{PART("d", KEEP, "1", "2")},
		{PART("e", KEEP, "1", "2")},
		{PART("f", ONCE, NULL, "made")}};

	(void)state;
	fake_make(parts);
	fake_plan.continue_on_failure = true;
	fake_profile.resources[3]->spec.depends_on = fake_profile.resources[2];
	fake_profile.resources[4]->spec.depends_on = fake_profile.resources[3];
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_string_equal(fake_states(),
	                    "a refused DiskRefused 1;b changed Applied 2;"
	                    "c failed RefusedByKernel 1;d drift NotAttempted 1;"
	                    "e drift NotAttempted 1;f changed Applied made;");
	assert_string_equal(fake_log(), "apply b;apply c;revert c;apply f;");
}

/*
 * Two resources would format one drive: on-failure: continue must not pick one of them.
 */
static void test_go_on_shared(void **state)
{
	static const struct part parts[] = {
		{PART("a", ONCE, NULL, "made"), .takes = "nvme1n1"},
		{PART("b", ONCE, NULL, "made"), .takes = "nvme1n1"},
		{PART("c", KEEP, "1", "2")},
		{0}};

	(void)state;
	fake_make(parts);
	fake_plan.continue_on_failure = true;
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_string_equal(fake_states(), "a refused DiskAmbiguous -;b refused "
	                                   "DiskAmbiguous -;c changed Applied 2;");
	assert_string_equal(fake_log(), "apply c;");
}

/* A drive that a check refuses is not used, though its users come earlier. */
static void test_go_on_looked(void **state)
{
	static const struct part parts[] = {{PART("a", ONCE, NULL, "made")},
	                                    {PART("b", SLOW, NULL, "made")},
	                                    {PART("c", KEEP, "2", "2")},
	                                    {PART("d", LOOK, "x", "x"), .fault = REFUSED},
	                                    {PART("e", KEEP, "1", "2")},
	                                    {0}};

	(void)state;
	for (int continue_on_failure = 0; continue_on_failure < 2;
	     continue_on_failure++) {
		fake_make(parts);
		fake_plan.continue_on_failure = continue_on_failure;
		for (size_t i = 1; i < 4; i++)
			fake_profile.resources[i]->spec.depends_on =
				fake_profile.resources[i - 1];
		plan_observe(&fake_plan, &fake_host);
		assert_int_equal(plan_apply(&fake_plan, &fake_host),
		                 continue_on_failure ? 0 : -1);
		assert_string_equal(
			fake_states(),
			continue_on_failure
				? "a refused DiskRefused -;b refused DiskRefused "
				  "-;c ok  2;d refused DiskRefused x;"
				  "e changed Applied 2;"
				: "a drift NotAttempted -;b drift NotAttempted "
				  "-;c ok  2;d refused DiskRefused x;"
				  "e drift NotAttempted 1;");
		assert_string_equal(fake_log(), continue_on_failure ? "apply e;" : "");
		fake_free();
	}
}

static void test_go_on_deadline(void **state)
{
	static const struct part parts[] = {
		{PART("a", KEEP, "1", "2"), .fault = TAKES_LONG},
		{PART("b", KEEP, "1", "2")},
		{0}};

	(void)state;
	fake_make(parts);
	fake_plan.continue_on_failure = true;
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_true(fake_plan.expired);
	assert_string_equal(fake_states(),
	                    "a changed Applied 2;b failed DeadlinePassed 1;");
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "continue after a failure", test_go_on);
	suite_test(&s, "continue with a drive that two resources select",
	           test_go_on_shared);
	suite_test(&s, "continue after a check refused", test_go_on_looked);
	suite_test(&s, "continue until the deadline", test_go_on_deadline);
	return suite_run(&s);
}
