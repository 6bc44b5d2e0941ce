/* SPDX-License-Identifier: Apache-2.0 OR MIT */
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
	{"absent before, and after the write it cannot be read",
         {{PART("a", KEEP, NULL, "2"), .fault = UNREADABLE_AFTER}},
         -1,
         "a failed NotReadable -;",
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
         "a drift Reverted 1;b changed NotRolledBack made;c failed RefusedByKernel 1;"
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
         "a drift Reverted 1;b changed NotRolledBack x;c failed Failed half;"
         "d changed NotRolledBack x;e drift NotAttempted 1;",
         "apply a;apply b;apply c;apply d;finish b;finish c;finish d;revert a;"},
	{"a slow step cannot start: none after it starts, those before it finish",
         {{PART("a", SLOW, NULL, "x")},
          {PART("b", SLOW, NULL, "x"), .fault = APPLY_FAILS},
          {PART("c", SLOW, NULL, "x")}},
         -1,
         "a changed NotRolledBack x;b failed RefusedByKernel -;c drift NotAttempted -;",
         "apply a;apply b;finish a;"},
	{"a change that must stay is reported as changed",
         {{PART("a", KEEP, "1", "2"), .fault = STAYS},
          {PART("b", KEEP, "1", "2"), .fault = APPLY_FAILS}},
         -1,
         "a changed NotRolledBack 2;b failed RefusedByKernel 1;",
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

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_rows(&s, rows, test_apply);
	suite_rows(&s, rows, test_again);
	return suite_run(&s);
}
