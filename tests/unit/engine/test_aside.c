/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Plans with resources that are waived, or not selected. */
#include "base/mem.h"
#include "fake.h"
#include "profile/waive.h"
#include "test.h"

#define NOW 1000

static struct waiver in_force = {.until = (char[]){"2999-01-01"}, .over_s = NOW + 1},
		     expired = {.until = (char[]){"1970-01-01"}, .over_s = NOW};

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static void make(const struct part *parts)
{
	fake_make(parts);
	for (size_t i = 0; i < fake_profile.n; i++) {
		/* "w": waived, "x": its waiver is expired */
		if (parts[i].name[0] == 'w')
			fake_profile.resources[i]->spec.waiver = &in_force;
		if (parts[i].name[0] == 'x')
			fake_profile.resources[i]->spec.waiver = &expired;
	}
	plan_init_at(&fake_plan, &fake_profile, NOW);
}

static const struct row {
	const char *name;
	struct part parts[PARTS_MAX];
	const char *audited;
	size_t waived; /* of these */
	int result;
	const char *applied, *writes;
} rows[] = {
	{"drift that is waived",
         {{PART("w", KEEP, "1", "2")}, {PART("b", KEEP, "1", "2")}},
         "w drift LiveDiffers 1;b drift LiveDiffers 1;",
         1,
         0,
         "w skipped Waived 1;b changed Applied 2;",
         "apply b;"},
	{"an expired waiver",
         {{PART("x", KEEP, "1", "2")}},
         "x drift LiveDiffers 1;",
         0,
         0,
         "x changed Applied 2;",
         "apply x;"},
	{"in sync", {{PART("w", KEEP, "2", "2")}}, "w ok  2;", 0, 0, "w ok  2;", ""},
	{"pending",
         {{PART("w", KEEP, "1", "2"), .fault = FOR_OTHERS}},
         "w pending NfsdBusy 1;",
         1,
         0,
         "w skipped Waived 1;",
         ""},
	{"a refusal is not waived, and stops the plan",
         {{PART("w", ONCE, "1", "2"), .fault = REFUSED}, {PART("b", KEEP, "1", "2")}},
         "w refused DiskRefused 1;b drift LiveDiffers 1;",
         0,
         -1,
         "w refused DiskRefused 1;b drift NotAttempted 1;",
         ""},
	{"a drive that two items select is not waived",
         {{PART("a", ONCE, NULL, "x"), .takes = "/dev/nvme1n1"},
          {PART("w", ONCE, NULL, "x"), .takes = "/dev/nvme1n1"}},
         "a drift LiveDiffers -;w refused DiskAmbiguous -;",
         0,
         -1,
         "a drift NotAttempted -;w refused DiskAmbiguous -;",
         ""},
	{"a state that cannot be read is not waived",
         {{PART("w", KEEP, "1", "2"), .fault = UNREADABLE}, {PART("b", KEEP, "1", "2")}},
         "w failed NotReadable 1;b drift LiveDiffers 1;",
         0,
         -1,
         "w failed NotReadable 1;b drift NotAttempted 1;",
         ""},
	{"what the host does not have is waived",
         {{PART("a", KEEP, "1", "2"), .fault = FOR_OTHERS},
          {PART("w", LATE, NULL, "9"), .comes = "8"},
          {PART("x", ONCE, "1", "2")}},
         "a pending NfsdBusy 1;w failed NoSuchKey -;x drift LiveDiffers 1;",
         1,
         0,
         "a pending NfsdBusy 1;w skipped Waived -;x changed Applied 2;",
         "apply x;"},
	{"a value that another write moves is not written again",
         {{PART("a", SET, "1", "2"), .moves = "w", .to = "9"},
          {PART("w", SET, "5", "5")}},
         "a drift LiveDiffers 1;w ok  5;",
         0,
         0,
         "a changed Applied 2;w skipped Waived 9;",
         "apply a;"},
	{"a slow step next to a waived one",
         {{PART("w", SLOW, NULL, "2")}, {PART("b", SLOW, NULL, "2")}},
         "w drift LiveDiffers -;b drift LiveDiffers -;",
         1,
         0,
         "w skipped Waived -;b changed Applied 2;",
         "apply b;finish b;"},
	{"a rollback",
         {{PART("w", KEEP, "1", "2")},
          {PART("b", KEEP, "1", "2")},
          {PART("c", KEEP, "1", "2"), .fault = APPLY_FAILS}},
         "w drift LiveDiffers 1;b drift LiveDiffers 1;c drift LiveDiffers 1;",
         1,
         -1,
         "w skipped Waived 1;b drift Reverted 1;c failed RefusedByKernel 1;",
         "apply b;apply c;revert b;"},
};

static void test_plan(void **state)
{
	const struct row *row = *state;
	size_t sum;

	make(row->parts);
	plan_observe(&fake_plan, &fake_host);
	assert_string_equal(fake_states(), row->audited);
	assert_int_equal(fake_plan.n_waived, row->waived);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), row->result);
	plan_report_waived(&fake_plan);
	assert_string_equal(fake_states(), row->applied);
	assert_string_equal(fake_log(), row->writes);
	sum = fake_plan.n_waived;
	for (size_t i = 0; i <= STATE_SKIPPED; i++)
		sum += fake_plan.counts[i];
	assert_int_equal(sum, fake_profile.n);
}

/* Of one item: d depends on c, c on the waived one. */
static void test_dependents(void **state)
{
	static const struct part parts[] = {
		{PART("w", ONCE, NULL, "made")}, {PART("c", ONCE, NULL, "made")},
		{PART("d", KEEP, "1", "2")},     {PART("e", KEEP, "2", "2")},
		{PART("f", KEEP, "1", "2")},     {0},
	};

	(void)state;
	make(parts);
	fake_profile.resources[1]->spec.depends_on = fake_profile.resources[0];
	fake_profile.resources[2]->spec.depends_on = fake_profile.resources[1];
	fake_profile.resources[3]->spec.depends_on = fake_profile.resources[0];
	plan_observe(&fake_plan, &fake_host);
	assert_string_equal(
		fake_states(),
		"w drift LiveDiffers -;c skipped DependencySkipped -;"
		"d skipped DependencySkipped 1;e ok  2;f drift LiveDiffers 1;");
	assert_string_equal(fake_profile.resources[1]->run.change.message,
	                    "depends on once w, which is waived");
	assert_string_equal(fake_profile.resources[2]->run.change.message,
	                    "depends on once c, which is skipped");
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_string_equal(fake_log(), "apply f;");
	assert_int_equal(fake_plan.counts[STATE_SKIPPED], 2);
}

/* A refusal below a waived one still stops everything. */
static void test_refused_dependent(void **state)
{
	static const struct part parts[] = {
		{PART("w", KEEP, "1", "2")},
		{PART("b", LOOK, "1", "1"), .fault = REFUSED},
		{PART("c", KEEP, "1", "2")},
		{0},
	};

	(void)state;
	make(parts);
	fake_profile.resources[1]->spec.depends_on = fake_profile.resources[0];
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_string_equal(fake_log(), "");
	assert_int_equal(fake_plan.counts[STATE_REFUSED], 1);
}

/* What comes with a waived resource does not come. */
static void test_brought(void **state)
{
	static const struct part parts[] = {
		{PART("w", KEEP, "1", "2")},
		{PART("b", LATE, NULL, "9"), .comes = "8"},
		{0},
	};

	(void)state;
	make(parts);
	plan_observe(&fake_plan, &fake_host);
	assert_string_equal(fake_states(),
	                    "w drift LiveDiffers 1;b skipped DependencySkipped -;");
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_string_equal(fake_log(), "");
	/* another one of the kind still brings it */
	fake_free();
	fake_make((const struct part[]){{PART("w", KEEP, "1", "2")},
	                                {PART("a", KEEP, "1", "2")},
	                                {PART("b", LATE, NULL, "9"), .comes = "8"},
	                                {0}});
	fake_profile.resources[0]->spec.waiver = &in_force;
	plan_init_at(&fake_plan, &fake_profile, NOW);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(fake_profile.resources[2]->run.change.reason, REASON_WAITS);
}

/* --- not selected ---------------------------------------------------------------------
 */

/* Parts named "n..." are not selected. */
static void make_part(const struct part *parts)
{
	fake_make(parts);
	for (size_t i = 0; i < fake_profile.n; i++)
		if (parts[i].name[0] == 'n')
			fake_profile.resources[i]->run.unselected = mem_dup("not meant");
	plan_init_at(&fake_plan, &fake_profile, NOW);
	plan_observe(&fake_plan, &fake_host);
}

static const struct select_row {
	const char *name;
	struct part parts[PARTS_MAX];
	int result;
	const char *states, *writes;
} select_rows[] = {
	{"only what is selected is changed",
         {{PART("n", KEEP, "1", "2")}, {PART("b", KEEP, "1", "2")}},
         0,
         "n skipped NotSelected 1;b changed Applied 2;",
         "apply b;"},
	{"failures and refusals of the rest do not stop it",
         {{PART("n", ONCE, "1", "2"), .fault = REFUSED},
          {PART("n2", KEEP, "1", "2"), .fault = UNREADABLE},
          {PART("b", KEEP, "1", "2")}},
         0,
         "n skipped NotSelected 1;n2 skipped NotSelected 1;b changed Applied 2;",
         "apply b;"},
	{"a drive that the rest selects, too",
         {{PART("a", ONCE, NULL, "x"), .takes = "/dev/nvme1n1"},
          {PART("n", ONCE, NULL, "x"), .takes = "/dev/nvme1n1"}},
         -1,
         "a refused DiskAmbiguous -;n skipped NotSelected -;",
         ""},
	{"a value of the rest that a write moves",
         {{PART("a", SET, "1", "2"), .moves = "n", .to = "9"},
          {PART("n", SET, "5", "5")}},
         0,
         "a changed Applied 2;n skipped NotSelected 9;",
         "apply a;"},
};

static void test_selected(void **state)
{
	const struct select_row *row = *state;

	make_part(row->parts);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), row->result);
	assert_string_equal(fake_states(), row->states);
	assert_string_equal(fake_log(), row->writes);
}

/* A check that is not selected protects what is. */
static void test_check_stays(void **state)
{
	static const struct part parts[] = {
		{PART("a", KEEP, "1", "2")},
		{PART("n", KEEP, "1", "2")},
		{PART("n2", LOOK, "1", "1"), .fault = REFUSED},
		{0},
	};

	(void)state;
	fake_make(parts);
	fake_profile.resources[1]->spec.depends_on = fake_profile.resources[0];
	fake_profile.resources[2]->spec.depends_on = fake_profile.resources[1];
	for (size_t i = 1; i < 3; i++)
		fake_profile.resources[i]->run.unselected = mem_dup("not meant");
	plan_init_at(&fake_plan, &fake_profile, NOW);
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), -1);
	assert_string_equal(fake_states(),
	                    "a drift NotAttempted 1;n skipped NotSelected 1;"
	                    "n2 refused DiskRefused 1;");
	assert_string_equal(fake_log(), "");
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_rows(&s, rows, test_plan);
	suite_test(&s, "dependents", test_dependents);
	suite_test(&s, "a dependent that refuses", test_refused_dependent);
	suite_test(&s, "what a waived resource would bring", test_brought);
	suite_rows(&s, select_rows, test_selected);
	suite_test(&s, "a check that is not selected", test_check_stays);
	return suite_run(&s);
}
