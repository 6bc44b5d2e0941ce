/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* apply --try: who undoes a run that nobody confirmed. */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/undo/trial.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "stub.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/resource.h>
#include <time.h>

#define KEY  "/proc/sys/vm/swappiness"
#define LONG 3600000

static char said[256];
static const char *machine = "";

static void report(const char *text)
{
	(void)snprintf(said, sizeof(said), "%s", text);
}

static int setup(void **state)
{
	int r = tmproot_setup(state);

	said[0] = '\0';
	tmproot_write("/proc/sys/kernel/random/boot_id", "boot-1\n");
	tmproot_write(KEY, "10\n");
	return r;
}

static int teardown(void **state)
{
	stub_stop();
	return tmproot_teardown(state);
}

static int64_t boot_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The journal of an apply that wrote 10 over 60, and ends in `left_ms`. */
static void write_journal(enum journal_state state, int64_t left_ms, bool stored)
{
	_journal_store_ struct journal_store s = {.fd = -1};
	_journal_ struct journal j = {.boot = mem_dup("boot-1"),
	                              .machine = mem_dup(machine),
	                              .command = mem_dup("apply"),
	                              .profile = mem_dup("p"),
	                              .state = state,
	                              .try_s = 60,
	                              .try_until_ms = boot_ms() + left_ms};
	struct journal_record r = {
		.kind = mem_dup(stored ? "setting" : "sysctl"),
		.object = mem_dup(stored ? "settings.motd" : "vm.swappiness"),
		.stored = stored,
		.previous = node_new_text(stored ? "old" : "60"),
		.desired = node_new_text(stored ? "new" : "10")};
	struct err e = {0};

	if (j.try_until_ms < 0)
		j.try_until_ms = 0;
	(void)journal_add(&j, &r);
	assert_int_equal(journal_store_open(&s, &tmproot.host, NULL, true, &e), 0);
	assert_int_equal(journal_store_save(&s, &j, &e), 0);
}

/* Of journal 1. */
static enum journal_state first_state(void)
{
	_journal_store_ struct journal_store s = {.fd = -1};
	_journal_ struct journal j = {0};
	struct err e = {0};

	assert_int_equal(journal_store_open(&s, &tmproot.host, NULL, false, &e), 0);
	assert_int_equal(journal_store_load(&s, 1, &j, &e), 0);
	return j.state;
}

/* -1: nothing is on trial. */
static int64_t left_ms(void)
{
	struct err e = {0};
	int64_t ms = 0;
	int r = trial_left(&tmproot.host, NULL, &ms, &e);

	assert_true(r >= 0);
	return r > 0 ? ms : -1;
}

static int end(void)
{
	struct err e = {0};

	return trial_end(&tmproot.host, NULL, false, report, &e);
}

static void test_none(void **state)
{
	struct err e = {0};
	bool rest = false;
	unsigned id;

	(void)state;
	assert_true(left_ms() == -1);
	assert_int_equal(end(), 0);
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), -ENOENT);
	assert_part(e.text, "nothing is on trial");
	assert_int_equal(trial_confirm(&tmproot.host, "/nowhere", &id, &rest, &e),
	                 -ENOENT);
	assert_part(e.text, "open /nowhere: No such file or directory");
}

static void test_confirm(void **state)
{
	struct err e = {0};
	bool rest = false;
	unsigned id = 0;

	(void)state;
	write_journal(JOURNAL_APPLIED, LONG, false);
	assert_in_range(left_ms(), LONG - 10000, LONG);
	assert_int_equal(end(), 0);
	assert_string_equal(tmproot_read(KEY), "10\n");
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), 0);
	assert_int_equal(id, 1);
	assert_false(rest);
	assert_true(left_ms() == -1);
	assert_int_equal(end(), 0);
	assert_string_equal(tmproot_read(KEY), "10\n");
}

static void test_too_late(void **state)
{
	struct err e = {0};
	bool rest = false;
	unsigned id;

	(void)state;
	write_journal(JOURNAL_APPLIED, -1, false);
	assert_true(left_ms() == 0);
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), -ENOENT);
	assert_part(e.text, "its time is over");
	assert_int_equal(end(), 0);
	assert_part(said,
	            "journal 1 was on trial and is not confirmed: 1 values restored");
	assert_string_equal(tmproot_read(KEY), "60\n");
	assert_true(left_ms() == -1);
}

/* The apply died before its end, however much time was left. */
static void test_cut_off(void **state)
{
	(void)state;
	write_journal(JOURNAL_APPLYING, LONG, false);
	assert_true(left_ms() == 0);
	assert_int_equal(end(), 0);
	assert_string_equal(tmproot_read(KEY), "60\n");
}

/* The reboot has undone values of the kernel, and stored ones are set back. */
static void test_reboot(void **state)
{
	_free_ char *file = mem_format("%s/settings.json", tmproot.outside);
	const char *options[] = {"--settings", file, NULL};

	(void)state;
	tmproot_write("../outside/settings.json", "{\"motd\":\"new\"}");
	write_journal(JOURNAL_APPLIED, LONG, false);
	write_journal(JOURNAL_APPLIED, LONG, true);
	tmproot_write("/proc/sys/kernel/random/boot_id", "boot-2\n");
	assert_true(left_ms() == 0);
	stub_start(options);
	assert_int_equal(end(), 0);
	assert_string_equal(tmproot_read(KEY), "10\n");
	assert_part(stub_asked(), "PATCH /settings");
	assert_true(left_ms() == -1);
}

/* What cannot be restored now is tried again. */
static void test_again(void **state)
{
	(void)state;
	write_journal(JOURNAL_APPLIED, -1, false);
	tmproot_protect(KEY);
	assert_int_equal(end(), -EAGAIN);
	assert_true(left_ms() == 0);
	tmproot_remove(KEY);
	tmproot_write(KEY, "10\n");
	assert_int_equal(end(), 0);
	assert_string_equal(tmproot_read(KEY), "60\n");
}

/* ... but not by each later run, which would undo what is changed on purpose by then. */
static void test_given_up(void **state)
{
	struct err e = {0};

	(void)state;
	write_journal(JOURNAL_APPLIED, -1, false);
	tmproot_protect(KEY);
	assert_int_equal(trial_end(&tmproot.host, NULL, true, report, &e), -EIO);
	assert_part(said, "1 failed");
	assert_true(left_ms() == -1);
	tmproot_remove(KEY);
	tmproot_write(KEY, "10\n");
	assert_int_equal(end(), 0);
	assert_string_equal(tmproot_read(KEY), "10\n");
}

/* Without the API, a stored setting waits for it, but not for ever. */
static void test_api_is_absent(void **state)
{
	struct err e = {0};

	(void)state;
	write_journal(JOURNAL_APPLIED, -1, true);
	for (int tries = 1; tries < TRIAL_TRIES_MAX; tries++) {
		assert_int_equal(trial_end(&tmproot.host, NULL, true, report, &e),
		                 -EAGAIN);
		assert_true(left_ms() == 0);
	}
	assert_part(e.text, "attempt 29 of 30");
	assert_int_equal(trial_end(&tmproot.host, NULL, true, report, &e), -EIO);
	assert_part(e.text, "its trial is over (hosttune revert 1 tries it again)");
	assert_true(left_ms() == -1);
	assert_int_equal(first_state(), JOURNAL_APPLIED);
	assert_int_equal(end(), 0);
}

/* What the API refuses, it refuses again: the last attempt ends the trial. */
static void test_api_refuses(void **state)
{
	_free_ char *file = mem_format("%s/settings.json", tmproot.outside);
	const char *options[] = {"--settings", file, "--fault",
	                         "PATCH /settings=status:400:no", NULL};
	struct err e = {0};

	(void)state;
	tmproot_write("../outside/settings.json", "{\"motd\":\"new\"}");
	write_journal(JOURNAL_APPLIED, -1, true);
	stub_start(options);
	assert_int_equal(end(), -EAGAIN);
	assert_int_equal(trial_end(&tmproot.host, NULL, true, report, &e), -EIO);
	assert_part(said, "1 failed");
	assert_true(left_ms() == -1);
	assert_int_equal(first_state(), JOURNAL_APPLIED);
}

/* Whoever sees that it is not restored can keep what remains. */
static void test_confirm_rest(void **state)
{
	struct err e = {0};
	bool rest = false;
	unsigned id = 0;

	(void)state;
	write_journal(JOURNAL_APPLIED, -1, true);
	assert_int_equal(end(), -EAGAIN);
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), 0);
	assert_int_equal(id, 1);
	assert_true(rest);
	assert_true(left_ms() == -1);
	assert_int_equal(first_state(), JOURNAL_APPLIED);
}

/* A later run changed the value on purpose: it stays, and the trial is over. */
static void test_later_run(void **state)
{
	(void)state;
	write_journal(JOURNAL_APPLIED, -1, false);
	write_journal(JOURNAL_APPLIED, LONG, false);
	assert_int_equal(end(), 0);
	assert_part(said, "journal 1 was on trial and is not confirmed: 0 values "
	                  "restored, 0 failed, 1 skipped");
	assert_string_equal(tmproot_read(KEY), "10\n");
	assert_int_equal(first_state(), JOURNAL_APPLIED);
	assert_true(left_ms() > 0);
}

/* A copied directory of another machine: nothing to wait for, nothing to restore. */
static void test_other_machine(void **state)
{
	struct err e = {0};
	bool rest = false;
	unsigned id;

	(void)state;
	tmproot_write("/etc/machine-id", "machine-1\n");
	machine = "machine-2";
	write_journal(JOURNAL_APPLIED, LONG, false);
	write_journal(JOURNAL_APPLYING, LONG, false);
	machine = "";
	assert_true(left_ms() == -1);
	assert_int_equal(end(), 0);
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), -ENOENT);
	assert_string_equal(tmproot_read(KEY), "10\n");
}

/* Unknown is not "nothing is on trial". */
static void test_unknown(void **state)
{
	struct err e = {0};
	bool rest = false;
	int64_t ms = 0;
	unsigned id;

	(void)state;
	write_journal(JOURNAL_APPLIED, -1, false);
	tmproot_remove("/proc/sys/kernel/random/boot_id");
	tmproot_dir("/proc/sys/kernel/random/boot_id");
	assert_int_equal(trial_left(&tmproot.host, NULL, &ms, &e), -EISDIR);
	assert_part(e.text, "boot_id: Is a directory");
	assert_int_equal(end(), -EISDIR);
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), -EISDIR);
	assert_string_equal(tmproot_read(KEY), "10\n");
	assert_int_equal(first_state(), JOURNAL_APPLIED);
}

/* One that cannot be read now may be on trial. One that is damaged can never be reverted.
 */
static void test_unread(void **state)
{
	struct err e = {0};
	bool rest = false;
	int64_t ms = 0;
	unsigned id;
	struct rlimit limit, none;

	(void)state;
	write_journal(JOURNAL_APPLIED, LONG, false);
	tmproot_write("/var/lib/hosttune/journal/000000002.journal", "damaged\n");
	assert_in_range(left_ms(), LONG - 10000, LONG);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){.rlim_cur = 3, .rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(trial_left(&tmproot.host, NULL, &ms, &e), -EMFILE);
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_part(e.text, "Too many open files");
	assert_int_equal(trial_confirm(&tmproot.host, NULL, &id, &rest, &e), 0);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(setup, teardown);
	suite_test(&s, "test_none", test_none);
	suite_test(&s, "test_unknown", test_unknown);
	suite_test(&s, "test_unread", test_unread);
	suite_test(&s, "test_confirm", test_confirm);
	suite_test(&s, "test_too_late", test_too_late);
	suite_test(&s, "test_cut_off", test_cut_off);
	suite_test(&s, "test_reboot", test_reboot);
	suite_test(&s, "test_again", test_again);
	suite_test(&s, "test_given_up", test_given_up);
	suite_test(&s, "test_api_is_absent", test_api_is_absent);
	suite_test(&s, "test_api_refuses", test_api_refuses);
	suite_test(&s, "test_confirm_rest", test_confirm_rest);
	suite_test(&s, "test_later_run", test_later_run);
	suite_test(&s, "test_other_machine", test_other_machine);
	return suite_run(&s);
}
