/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "fake.h"
#include "test.h"

static int teardown(void **state)
{
	(void)state;
	fake_free();
	return 0;
}

static const struct row {
	const char *name;
	struct part parts[PARTS_MAX];
	int result;
	const char *states; /* after apply */
	const char *writes;
} rows[] = {
	{"nothing to manage", {{0}}, 0, "", ""},
	{"in sync",
         {{PART("a", KEEP, "1", "1")}, {PART("b", ONCE, "2", "2")}},
         0,
         "a ok  1;b ok  2;",
         ""},
	{"drift is fixed in order",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", KEEP, "5", "5")},
          {PART("c", ONCE, NULL, "3")}},
         0,
         "a changed Applied 2;b ok  5;c changed Applied 3;",
         "apply a;apply c;"},
	{"a refusal: nothing is changed",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", ONCE, "1", "2"), .fault = REFUSED},
          {PART("c", KEEP, "1", "2")}},
         -1,
         "a drift NotAttempted 1;b refused DiskRefused 1;c drift NotAttempted 1;",
         ""},
	{"a failure known in advance: nothing is changed",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", KEEP, "1", "2"), .fault = BUSY},
          {PART("c", KEEP, "2", "2")}},
         -1,
         "a drift NotAttempted 1;b failed NfsdBusy 1;c ok  2;",
         ""},
	{"a resource that waits for others is not changed and blocks nothing",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", KEEP, "1", "2"), .fault = FOR_OTHERS},
          {PART("c", LATE, "1", "2")}},
         0,
         "a changed Applied 2;b pending NfsdBusy 1;c changed Applied 2;",
         "apply a;apply c;"},
	{"nor does it count as a dependency that will come",
         {{PART("a", KEEP, "1", "2"), .fault = FOR_OTHERS},
          {PART("b", LATE, NULL, "9"), .comes = "8"}},
         -1,
         "a pending NfsdBusy 1;b failed NoSuchKey -;",
         ""},
	{"an unreadable resource: nothing is changed",
         {{PART("a", KEEP, "1", "2")}, {PART("b", KEEP, "1", "2"), .fault = UNREADABLE}},
         -1,
         "a drift NotAttempted 1;b failed NotReadable 1;",
         ""},
	{"a step fails: the steps before it are rolled back in reverse order",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", KEEP, NULL, "2")},
          {PART("c", KEEP, "7", "7")},
          {PART("d", KEEP, "3", "4"), .fault = APPLY_FAILS},
          {PART("e", KEEP, "1", "2")}},
         -1,
         "a drift Reverted 1;b drift Reverted -;c ok  7;d failed RefusedByKernel 3;"
         "e drift NotAttempted 1;",
         "apply a;apply b;apply d;revert b;revert a;"},
	{"a step that failed half-way is rolled back, too",
         {{PART("a", KEEP, "1", "2")}, {PART("b", KEEP, "1", "2"), .fault = APPLY_HALF}},
         -1,
         "a drift Reverted 1;b failed RefusedByKernel 1;",
         "apply a;apply b;revert b;revert a;"},
	{"a value that reads back differently is rolled back",
         {{PART("a", KEEP, "1", "2")}, {PART("b", KEEP, "1", "2"), .fault = NOT_KEPT}},
         -1,
         "a drift Reverted 1;b failed NotKept 1;",
         "apply a;apply b;revert b;revert a;"},
	{"a value that is gone after the write is rolled back",
         {{PART("a", KEEP, "1", "2"), .fault = GONE}},
         -1,
         "a failed NotKept 1;",
         "apply a;revert a;"},
	{"a resource becomes unreadable before its step",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", KEEP, "1", "2"), .fault = UNREADABLE_LATER}},
         -1,
         "a drift Reverted 1;b failed NotReadable 1;",
         "apply a;revert a;"},
	{"a resource reports a failure after the write",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", KEEP, "1", "2"), .fault = BREAKS_LATER}},
         -1,
         "a drift Reverted 1;b failed NfsdBusy 1;",
         "apply a;apply b;revert b;revert a;"},
	{"a value that cannot be read back is rolled back",
         {{PART("a", KEEP, "1", "2"), .fault = UNREADABLE_AFTER}},
         -1,
         "a failed NotReadable 1;",
         "apply a;revert a;"},
	{"absent before, half-way after the failure",
         {{PART("a", KEEP, NULL, "2"), .fault = APPLY_HALF}},
         -1,
         "a failed RefusedByKernel -;",
         "apply a;revert a;"},
	{"absent before, another value after the write",
         {{PART("a", KEEP, NULL, "2"), .fault = NOT_KEPT}},
         -1,
         "a failed NotKept -;",
         "apply a;revert a;"},
	{"an irreversible step stays",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", ONCE, NULL, "made")},
          {PART("c", KEEP, "1", "2"), .fault = APPLY_FAILS},
          {PART("d", ONCE, NULL, "made")}},
         -1,
         "a drift Reverted 1;b changed Applied made;c failed RefusedByKernel 1;"
         "d drift NotAttempted -;",
         "apply a;apply b;apply c;revert a;"},
	{"an irreversible step that fails is not rolled back",
         {{PART("a", KEEP, "1", "2")}, {PART("b", ONCE, "1", "2"), .fault = APPLY_HALF}},
         -1,
         "a drift Reverted 1;b failed RefusedByKernel half;",
         "apply a;apply b;revert a;"},
	{"rollback continues after a failure",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", KEEP, "1", "2"), .fault = REVERT_FAILS},
          {PART("c", KEEP, "1", "2")},
          {PART("d", KEEP, "1", "2"), .fault = APPLY_FAILS}},
         -1,
         "a drift Reverted 1;b failed Failed 2;c drift Reverted 1;d failed RefusedByKernel 1;",
         "apply a;apply b;apply c;apply d;revert c;revert b;revert a;"},
	{"a rollback that has no effect is reported",
         {{PART("a", KEEP, "1", "2"), .fault = REVERT_IGNORED},
          {PART("b", KEEP, "1", "2"), .fault = APPLY_FAILS}},
         -1,
         "a failed NotKept 2;b failed RefusedByKernel 1;",
         "apply a;apply b;revert a;"},
	{"a rollback that cannot be read back is reported",
         {{PART("a", KEEP, "1", "2"), .fault = LOST_AFTER},
          {PART("b", KEEP, "1", "2"), .fault = APPLY_FAILS}},
         -1,
         "a failed NotKept 1;b failed RefusedByKernel 1;",
         "apply a;apply b;revert a;"},
	{"a value that was in sync and is moved by another write is written again",
         {{PART("a", SET, "1", "2"), .moves = "b", .to = "9"},
          {PART("b", SET, "5", "5")}},
         0,
         "a changed Applied 2;b ok  5;",
         "apply a;apply b;"},
	{"a value that was written and is moved by a later write is written again",
         {{PART("a", SET, "1", "2")},
          {PART("b", SET, "5", "6"), .moves = "a", .to = "9"}},
         0,
         "a changed Applied 2;b changed Applied 6;",
         "apply a;apply b;apply a;"},
	{"a chain of moved values settles",
         {{PART("a", SET, "1", "1"), .moves = "b", .to = "7"},
          {PART("b", SET, "2", "2")},
          {PART("c", SET, "3", "4"), .moves = "a", .to = "8"}},
         0,
         "a ok  1;b ok  2;c changed Applied 4;",
         "apply c;apply a;apply b;"},
	{"two values that move each other fail, and are rolled back",
         {{PART("a", SET, "1", "2"), .moves = "b", .to = "8"},
          {PART("b", SET, "5", "6"), .moves = "a", .to = "9"}},
         -1,
         "a failed NotKept 9;b drift Reverted 5;",
         "apply a;apply b;apply a;apply b;apply a;apply b;apply a;apply b;apply a;apply b;"
         "revert b;revert a;revert b;revert a;revert b;revert a;revert b;"},
	{"a rollback restores what its own writes move",
         {{PART("a", SET, "1", "2"), .moves = "b", .to = "9"},
          {PART("b", SET, "5", "5")},
          {PART("c", SET, "1", "2"), .fault = APPLY_FAILS}},
         -1,
         "a drift Reverted 1;b ok  5;c failed RefusedByKernel 1;",
         "apply a;apply c;revert a;revert b;"},
	{"a rollback restores the value at the start, not that after another write",
         {{PART("a", SET, "1", "2"), .moves = "b", .to = "9"},
          {PART("b", SET, "5", "6")},
          {PART("c", SET, "1", "2"), .fault = APPLY_FAILS}},
         -1,
         "a drift Reverted 1;b drift Reverted 5;c failed RefusedByKernel 1;",
         "apply a;apply b;apply c;revert b;revert a;revert b;"},
	{"half-way, and cannot be rolled back",
         {{PART("a", KEEP, "1", "2"), .fault = HALF_FOR_EVER}},
         -1,
         "a failed RefusedByKernel half;",
         "apply a;revert a;"},
	{"an earlier step resolves a pending resource",
         {{PART("a", KEEP, "1", "2")}, {PART("b", LATE, NULL, "9"), .comes = "8"}},
         0,
         "a changed Applied 2;b changed Applied 9;",
         "apply a;apply b;"},
	{"a pending resource appears in sync",
         {{PART("a", KEEP, "1", "2")}, {PART("b", LATE, NULL, "8"), .comes = "8"}},
         0,
         "a changed Applied 2;b ok  8;",
         "apply a;"},
	{"absent, and no step provides it",
         {{PART("a", KEEP, "1", "1")},
          {PART("b", ONCE, "1", "2")},
          {PART("c", LATE, NULL, "8"), .fault = UNREADABLE}},
         -1,
         "a ok  1;b drift NotAttempted 1;c failed NotReadable -;",
         ""},
	{"slow steps start together, and then finish",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", SLOW, NULL, "x")},
          {PART("c", SLOW, "x", "x")},
          {PART("d", SLOW, NULL, "x")},
          {PART("e", KEEP, "1", "2")}},
         0,
         "a changed Applied 2;b changed Applied x;c ok  x;d changed Applied x;"
         "e changed Applied 2;",
         "apply a;apply b;apply d;finish b;finish d;apply e;"},
	{"a slow step fails: its row finishes and stays, the steps before it are "
         "rolled back",
         {{PART("a", KEEP, "1", "2")},
          {PART("b", SLOW, NULL, "x")},
          {PART("c", SLOW, NULL, "x"), .fault = FINISH_FAILS},
          {PART("d", SLOW, NULL, "x")},
          {PART("e", KEEP, "1", "2")}},
         -1,
         "a drift Reverted 1;b changed Applied x;c failed Failed half;"
         "d changed Applied x;e drift NotAttempted 1;",
         "apply a;apply b;apply c;apply d;finish b;finish c;finish d;revert a;"},
	{"a slow step cannot start: none after it starts, those before it finish",
         {{PART("a", SLOW, NULL, "x")},
          {PART("b", SLOW, NULL, "x"), .fault = APPLY_FAILS},
          {PART("c", SLOW, NULL, "x")}},
         -1,
         "a changed Applied x;b failed RefusedByKernel -;c drift NotAttempted -;",
         "apply a;apply b;finish a;"},
	{"a change that must stay is reported as changed",
         {{PART("a", KEEP, "1", "2"), .fault = STAYS},
          {PART("b", KEEP, "1", "2"), .fault = APPLY_FAILS}},
         -1,
         "a changed Applied 2;b failed RefusedByKernel 1;",
         "apply a;apply b;revert a;"},
	{"two resources of one drive",
         {{PART("a", ONCE, NULL, "x"), .takes = "/dev/nvme1n1"},
          {PART("b", ONCE, NULL, "x"), .takes = "/dev/nvme2n1"},
          {PART("c", ONCE, NULL, "x"), .takes = "/dev/nvme1n1"}},
         -1,
         "a drift NotAttempted -;b drift NotAttempted -;c refused DiskAmbiguous -;",
         ""},
	{"one drive of several of another kind",
         {{PART("a", KEEP, "1", "1"), .takes = "/dev/nvme1n1 /dev/nvme2n1"},
          {PART("b", ONCE, "1", "1"), .takes = "/dev/nvme3n1 /dev/nvme2n1"}},
         -1,
         "a ok  1;b refused DiskAmbiguous 1;",
         ""},
	{"names that begin alike",
         {{PART("a", KEEP, "1", "1"), .takes = "/dev/nvme1n1 /dev/nvme2n1"},
          {PART("b", ONCE, "1", "1"), .takes = "/dev/nvme1n10 /dev/nvme2n"}},
         0,
         "a ok  1;b ok  1;",
         ""},
};

static void test_apply(void **state)
{
	const struct row *row = *state;
	size_t sum = 0;

	fake_make(row->parts);
	plan_observe(&fake_plan, &fake_host);
	/* an audit stops here */
	assert_string_equal(fake_log(), "");
	assert_int_equal(plan_apply(&fake_plan, &fake_host), row->result);
	assert_string_equal(fake_states(), row->states);
	assert_string_equal(fake_log(), row->writes);
	for (size_t i = 0; i <= STATE_SKIPPED; i++)
		sum += fake_plan.counts[i];
	assert_int_equal(sum, fake_profile.n);
	assert_false(fake_plan.expired);
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

/* Whatever was applied, a second run finds nothing to do. */
static void test_again(void **state)
{
	const struct row *row = *state;

	fake_make(row->parts);
	plan_observe(&fake_plan, &fake_host);
	if (plan_apply(&fake_plan, &fake_host) < 0)
		return;
	fake_forget();
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_int_equal(fake_plan.counts[STATE_OK] + fake_plan.counts[STATE_PENDING],
	                 fake_profile.n);
	assert_string_equal(fake_log(), "");
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
	fake_host.deadline.at_ms = clock_ms() - 1;
	plan_observe(&fake_plan, &fake_host);
	assert_int_equal(plan_apply(&fake_plan, &fake_host), 0);
	assert_false(fake_plan.expired);
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
	assert_string_equal(fake_states(), "a changed Applied x;b failed Interrupted -;"
	                                   "c drift NotAttempted 1;");
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
	suite_rows(&s, rows, test_apply);
	suite_rows(&s, rows, test_again);
	suite_test(&s, "failing at each step leaves everything as it was",
	           test_each_step);
	suite_test(&s, "messages", test_messages);
	suite_test(&s, "message of a change", test_changed_message);
	suite_test(&s, "message of a failed rollback", test_revert_failed_message);
	suite_test(&s, "waiting for a kind", test_never_comes);
	suite_test(&s, "waiting for a dependency", test_on);
	suite_test(&s, "deadline", test_deadline);
	suite_test(&s, "deadline between two steps", test_deadline_between);
	suite_test(&s, "deadline within a step", test_deadline_within);
	suite_test(&s, "signal", test_signal);
	suite_test(&s, "signal during the last step", test_signal_last);
	suite_test(&s, "signal during a slow step", test_signal_slow);
	suite_test(&s, "a moved value that is not written again", test_settle_once);
	suite_test(&s, "values that do not settle", test_settle_message);
	suite_test(&s, "find and count", test_find);
	suite_test(&s, "condition is false", test_excluded);
	suite_test(&s, "continue after a failure", test_go_on);
	suite_test(&s, "continue with a drive that two resources select",
	           test_go_on_shared);
	suite_test(&s, "continue after a check refused", test_go_on_looked);
	suite_test(&s, "continue until the deadline", test_go_on_deadline);
	suite_test(&s, "values that are reset afterwards", test_reset);
	return suite_run(&s);
}
