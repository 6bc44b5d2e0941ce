/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A step of a plan that fails, what waits for it, and its messages. */
#include "base/mem.h"
#include "fake.h"
#include "test.h"

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

/* Failing at each step in turn leaves everything as it was. */
static void test_each_step(void **state)
{
	static const enum fault faults[] = {APPLY_FAILS, APPLY_HALF, NOT_KEPT, GONE};

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(faults) * (PARTS_MAX - 1); k++) {
		struct part parts[PARTS_MAX] = {
			{PART("a", KEEP, "1", "2")}, {PART("b", LATE, "3", "4")},
			{PART("c", KEEP, "5", "6")}, {PART("d", KEEP, "7", "8")},
			{PART("e", LATE, "9", "0")},
		};

		parts[k / ARRAY_SIZE(faults)].fault = faults[k % ARRAY_SIZE(faults)];
		fake_make(parts);
		plan_observe(&fake_plan, &fake_host);
		assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
		assert_int_equal(fake_plan.counts[STATE_FAILED], 1);
		for (size_t i = 0; i < fake_profile.n; i++)
			assert_string_equal(fakes[i]->live, parts[i].live);
		fake_free();
	}
}

static const struct part pair[PARTS_MAX] = {{PART("a", KEEP, "1", "2")},
                                            {PART("b", KEEP, NULL, "2"),
                                             .fault = APPLY_FAILS}},
			 once[PARTS_MAX] = {
				 {PART("a", ONCE, NULL, "2")},
				 {PART("b", KEEP, "1", "2"), .fault = NOT_KEPT},
				 {PART("c", KEEP, "1", "2")}};

/* Messages name the resource that failed. */
static void test_messages(void **state)
{
	(void)state;
	fake_make(pair);
	plan_observe(&fake_plan, &fake_host);
	(void)plan_apply(&fake_plan, &fake_host);
	assert_string_equal(fake_profile.resources[0]->run.change.message,
	                    "rolled back to 1: keep b failed");
	assert_string_equal(fake_profile.resources[1]->run.change.message, "write b: no");
	assert_string_equal(fake_profile.resources[0]->seen.now, "1");
	fake_free();
	fake_make(once);
	plan_observe(&fake_plan, &fake_host);
	(void)plan_apply(&fake_plan, &fake_host);
	assert_string_equal(
		fake_profile.resources[0]->run.change.message,
		"nothing -> 2; not rolled back after keep b failed: this kind "
		"cannot be rolled back");
	assert_int_equal(fake_profile.resources[0]->run.change.reason,
	                 REASON_NOT_ROLLED_BACK);
	assert_string_equal(fake_profile.resources[1]->run.change.message,
	                    "written, but is now other");
	assert_string_equal(fake_profile.resources[2]->run.change.message,
	                    "not attempted: keep b failed");
}

static void test_changed_message(void **state)
{
	static const struct part parts[PARTS_MAX] = {{PART("a", KEEP, "60", "10")}};

	(void)state;
	fake_make(parts);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_string_equal(fake_profile.resources[0]->run.change.message, "60 -> 10");
	assert_string_equal(fake_profile.resources[0]->seen.had, "60");
	assert_string_equal(fake_profile.resources[0]->seen.now, "10");
}

static void test_revert_failed_message(void **state)
{
	static const struct part parts[PARTS_MAX] = {
		{PART("a", KEEP, "1", "2"), .fault = HALF_FOR_EVER}};

	(void)state;
	fake_make(parts);
	plan_observe(&fake_plan, &fake_host);
	(void)plan_apply(&fake_plan, &fake_host);
	assert_string_equal(fake_profile.resources[0]->run.change.message,
	                    "write a: no; rollback to 1 failed: write a: still no");
}

/* A resource waits only while its dependency is in drift. */
static void test_never_comes(void **state)
{
	static const struct part parts[PARTS_MAX] = {
		{PART("a", KEEP, "1", "2")}, {PART("b", LATE, NULL, "9"), .comes = "8"}};

	(void)state;
	fake_make(parts);
	plan_observe(&fake_plan, &fake_host);
	assert_string_equal(fake_states(), "a drift LiveDiffers 1;b pending Waits -;");
	assert_true(fake_profile.resources[1]->run.waits);
	/* another process fixes a; b then appears, with another value */
	mem_set(&fakes[0]->live, mem_dup("2"));
	plan_observe(&fake_plan, &fake_host);
	assert_false(fake_profile.resources[1]->run.waits);
	assert_string_equal(fake_states(), "a ok  2;b drift LiveDiffers 8;");
}

/* A resource waits for `on` as it does for `after`. */
static void test_on(void **state)
{
	static const struct part parts[PARTS_MAX] = {{PART("a", ONCE, NULL, "2")},
	                                             {PART("b", ONCE, "1", "1")},
	                                             {PART("c", ONCE, NULL, "2")}};

	(void)state;
	fake_make(parts);
	fake_profile.resources[1]->spec.depends_on = fake_profile.resources[0];
	plan_observe(&fake_plan, &fake_host);
	assert_true(fake_profile.resources[1]->run.waits);
	assert_false(fake_profile.resources[2]->run.waits);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	plan_observe(&fake_plan, &fake_host);
	assert_false(fake_profile.resources[1]->run.waits);
}

/* A resource whose condition is false is not even observed, whatever its state. */
static void test_excluded(void **state)
{
	static const struct part parts[] = {
		{PART("a", KEEP, "1", "2"), .fault = UNREADABLE},
		{PART("b", KEEP, "1", "2")},
		{0},
	};
	struct resource *r;

	(void)state;
	fake_make(parts);
	r = fake_profile.resources[0];
	r->spec.excluded = true;
	change_set(&r->run.change, STATE_SKIPPED, REASON_CONDITION_FALSE, "elsewhere");
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_int_equal(fakes[0]->observed, 0);
	assert_string_equal(fake_log(), "apply b;");
	assert_string_equal(fake_states(),
	                    "a skipped ConditionFalse 1;b changed Applied 2;");
	assert_text(r->run.change.message, "elsewhere");
}

static void test_find(void **state)
{
	(void)state;
	fake_make(once);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(fake_plan.counts[STATE_DRIFT], 3);
	assert_ptr_equal(plan_find(&fake_plan, STATE_DRIFT, REASON_LIVE_DIFFERS),
	                 fake_profile.resources[0]);
	assert_null(plan_find(&fake_plan, STATE_DRIFT, REASON_NOT_KEPT));
	assert_null(plan_find(&fake_plan, STATE_OK, REASON_LIVE_DIFFERS));
	change_set(&fake_profile.resources[0]->run.change, STATE_OK, REASON_NONE, "x");
	plan_count(&fake_plan);
	assert_int_equal(fake_plan.counts[STATE_DRIFT], 2);
	assert_int_equal(fake_plan.counts[STATE_OK], 1);
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "failing at each step leaves everything as it was",
	           test_each_step);
	suite_test(&s, "messages", test_messages);
	suite_test(&s, "message of a change", test_changed_message);
	suite_test(&s, "message of a failed rollback", test_revert_failed_message);
	suite_test(&s, "waiting for a kind", test_never_comes);
	suite_test(&s, "waiting for a dependency", test_on);
	suite_test(&s, "condition is false", test_excluded);
	suite_test(&s, "find and count", test_find);
	return suite_run(&s);
}
