/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "journal/journal.h"
#include "journal/prune.h"
#include "journal/store.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct journal_store store;

static int setup(void **state)
{
	store = (struct journal_store){.fd = -1};
	return tmproot_setup(state);
}

static int teardown(void **state)
{
	journal_store_close(&store);
	return tmproot_teardown(state);
}

static void open_store(void)
{
	struct err e = {0};

	assert_int_equal(journal_store_open(&store, &tmproot.host, NULL, true, &e), 0);
}

/* Save a journal of this boot with one record. Return: its id. */
static unsigned save(const char *boot, enum journal_state state, unsigned try_s,
                     bool stored)
{
	_journal_ struct journal j = {.boot = mem_dup(boot),
	                              .machine = mem_dup(""),
	                              .command = mem_dup("apply"),
	                              .profile = mem_dup("p"),
	                              .state = state,
	                              .try_s = try_s};
	struct journal_record r = {.kind = mem_dup("sysctl"),
	                           .object = mem_dup("vm.swappiness"),
	                           .stored = stored,
	                           .previous = node_new_text("60"),
	                           .desired = node_new_text("10")};
	struct err e = {0};

	(void)journal_add(&j, &r);
	assert_int_equal(journal_store_save(&store, &j, &e), 0);
	return j.id;
}

static const char *ids(void)
{
	_free_ unsigned *list = NULL;
	char *text = mem_dup("");
	struct err e = {0};
	size_t n;

	assert_int_equal(journal_store_list(&store, &list, &n, &e), 0);
	for (size_t i = 0; i < n; i++)
		mem_set(&text, mem_format("%s%u ", text, list[i]));
	return keep_text(text);
}

static void test_save(void **state)
{
	_journal_ struct journal j = {0};
	struct err e = {0};
	struct stat st;

	(void)state;
	assert_int_equal(journal_store_open(&store, &tmproot.host, NULL, false, &e),
	                 -ENOENT);
	open_store();
	assert_int_equal(save("b", JOURNAL_APPLYING, 0, false), 1);
	assert_int_equal(save("b", JOURNAL_APPLYING, 0, false), 2);
	assert_string_equal(ids(), "1 2 ");
	assert_int_equal(journal_store_load(&store, 2, &j, &e), 0);
	assert_int_equal(j.id, 2);
	/* the same file again */
	j.state = JOURNAL_REVERTED;
	assert_int_equal(journal_store_save(&store, &j, &e), 0);
	assert_string_equal(ids(), "1 2 ");
	/* for root alone: settings may be secret */
	assert_int_equal(fstat(store.fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(fstatat(store.fd, "000000001.journal", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(journal_store_remove(&store, 1, &e), 0);
	assert_string_equal(ids(), "2 ");
	/* a number is not used again while a newer one exists */
	assert_int_equal(save("b", JOURNAL_APPLYING, 0, false), 3);
}

#define DIR  "/var/lib/hosttune/journal/"
#define FILE DIR "000000001.journal"

/* What others may write is not read. */
static void test_foreign(void **state)
{
	_free_ char *file = mem_format("%s" FILE, tmproot.path);
	_free_ char *dir = mem_format("%s" DIR, tmproot.path);
	struct journal j = {0};
	struct err e = {0};

	(void)state;
	open_store();
	(void)save("b", JOURNAL_APPLIED, 0, false);
	assert_int_equal(chmod(file, 0620), 0);
	assert_int_equal(journal_store_load(&store, 1, &j, &e), -EPERM);
	tmproot_remove(FILE);
	tmproot_link(FILE, "/etc/passwd");
	assert_true(journal_store_load(&store, 1, &j, &e) < 0);
	tmproot_remove(FILE);
	tmproot_dir(FILE);
	assert_int_equal(journal_store_load(&store, 1, &j, &e), -EPERM);
	journal_store_close(&store);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(journal_store_open(&store, &tmproot.host, NULL, true, &e),
	                 -EPERM);
	assert_part(e.text, "others than this user may write there");
}

/* What belongs to another user is not read. */
static void test_owner(void **state)
{
	_free_ char *file = mem_format("%s" FILE, tmproot.path);
	struct journal j = {0};
	struct err e = {0};

	(void)state;
	open_store();
	(void)save("b", JOURNAL_APPLIED, 0, false);
	if (chown(file, geteuid() + 1, getegid()) < 0)
		skip(); /* for root alone */
	assert_int_equal(journal_store_load(&store, 1, &j, &e), -EPERM);
}

/* Other files in the directory are no journals. */
static void test_names(void **state)
{
	(void)state;
	open_store();
	tmproot_write(DIR "notes.txt", "x");
	tmproot_write(DIR "1.journal.old", "x");
	tmproot_write(DIR "-1.journal", "x");
	tmproot_write(DIR "99999999999.journal", "x");
	assert_string_equal(ids(), "");
	tmproot_write(DIR ".new", "left by a crash");
	assert_int_equal(save("b", JOURNAL_APPLIED, 0, false), 1);
	assert_string_equal(tmproot_read(DIR ".new"), "(none)");
}

/* The oldest go first, after what nobody can use. */
static void test_prune(void **state)
{
	(void)state;
	open_store();
	(void)save("b", JOURNAL_APPLIED, 60, false); /* on trial */
	(void)save("b", JOURNAL_APPLIED, 0, false);
	for (int i = 0; i < 4; i++)
		(void)save("older", JOURNAL_APPLIED, 0, false);
	(void)save("older", JOURNAL_APPLIED, 0, true);
	for (int i = 0; i < 13; i++)
		(void)save("b", JOURNAL_APPLIED, 0, false);
	assert_int_equal(save("b", JOURNAL_REVERTED, 0, false), 21);
	journal_store_prune(&store, "b");
	assert_string_equal(ids(), "1 8 9 10 11 12 13 14 15 16 17 18 19 20 21 ");
	(void)save("b", JOURNAL_APPLIED, 0, false);
	(void)save("b", JOURNAL_APPLIED, 0, false);
	journal_store_prune(&store, "b");
	assert_string_equal(ids(), "1 9 10 11 12 13 14 15 16 17 18 19 20 22 23 ");
}

/* Only what was on trial is parsed, whatever the values of others say. */
static void test_load_trial(void **state)
{
	_journal_ struct journal j = {0}, quotes = {.boot = mem_dup("b"),
	                                            .machine = mem_dup(""),
	                                            .command = mem_dup("apply"),
	                                            .profile = mem_dup("\"try\": 60")};
	struct err e = {0};

	(void)state;
	open_store();
	(void)save("b", JOURNAL_APPLIED, 0, false);
	(void)save("b", JOURNAL_APPLIED, 60, false);
	assert_int_equal(journal_store_save(&store, &quotes, &e), 0);
	assert_int_equal(journal_store_load_trial(&store, 1, &j, &e), -ENODATA);
	assert_string_equal(e.text, "journal 1: was no trial");
	assert_int_equal(journal_store_load_trial(&store, 2, &j, &e), 0);
	assert_int_equal(j.try_s, 60);
	assert_int_equal(j.id, 2);
	assert_int_equal(journal_store_load_trial(&store, 3, &quotes, &e), -ENODATA);
	assert_int_equal(journal_store_load_trial(&store, 4, &quotes, &e), -ENOENT);
}

/* A journal that could not be read again is not written, so nothing is changed. */
static void test_too_many(void **state)
{
	_journal_ struct journal j = {.boot = mem_dup("b"),
	                              .machine = mem_dup(""),
	                              .command = mem_dup("apply"),
	                              .profile = mem_dup("p")};
	struct err e = {0};

	(void)state;
	open_store();
	for (size_t i = 0; i <= JOURNAL_RECORDS_MAX; i++) {
		struct journal_record r = {
			.kind = mem_dup("sysctl"),
			.object = mem_format("net.ipv4.conf.e%zu.rp_filter", i)};

		(void)journal_add(&j, &r);
	}
	assert_int_equal(journal_store_save(&store, &j, &e), -EFBIG);
	assert_part(e.text, "bytes or 20000 values");
	assert_string_equal(ids(), "");
}

/* A file that no run has written is refused before it is read into memory. */
static void test_too_large(void **state)
{
	_free_ char *file = mem_format("%s" FILE, tmproot.path);
	struct journal j = {0};
	struct err e = {0};

	(void)state;
	open_store();
	(void)save("b", JOURNAL_APPLIED, 0, false);
	assert_int_equal(truncate(file, 1024L * 1024 * 1024), 0);
	assert_int_equal(journal_store_load(&store, 1, &j, &e), -EBADMSG);
	assert_string_equal(e.text, "journal 1: is too large for a journal");
	assert_int_equal(journal_store_load(&store, 2, &j, &e), -ENOENT);
}

/* No existing journal is replaced when the numbers end: the run stops before its first
 * write. */
static void test_no_number(void **state)
{
	struct journal j = {0};
	struct err e = {0};

	(void)state;
	open_store();
	tmproot_write(DIR "999999999.journal", "kept");
	assert_int_equal(journal_store_save(&store, &j, &e), -EOVERFLOW);
	assert_part(e.text, "no number is left for a journal");
	assert_int_equal(j.id, 0);
	assert_string_equal(ids(), "999999999 ");
	assert_string_equal(tmproot_read(DIR "999999999.journal"), "kept");
}

/* The directory is gone, or a file is in its place: an error, and nothing half written.
 */
static void test_no_directory(void **state)
{
	const char *path = keep_text(mem_format("%s/none/journal", tmproot.outside));
	const char *file = keep_text(mem_format("%s/file", tmproot.outside));
	struct journal j = {0};
	struct err e = {0};

	(void)state;
	assert_int_equal(journal_store_open(&store, &tmproot.host, path, true, &e),
	                 -ENOENT);
	assert_part(e.text, "make ");
	tmproot_write("../outside/file", "x");
	assert_int_equal(journal_store_open(&store, &tmproot.host, file, true, &e),
	                 -ENOTDIR);
	open_store();
	assert_int_equal(rmdir(keep_text(mem_format("%s" DIR, tmproot.path))), 0);
	assert_int_equal(journal_store_save(&store, &j, &e), -ENOENT);
	assert_part(e.text, "write ");
	assert_int_equal(j.id, 0);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(setup, teardown);
	suite_test(&s, "test_save", test_save);
	suite_test(&s, "test_foreign", test_foreign);
	suite_test(&s, "test_owner", test_owner);
	suite_test(&s, "test_names", test_names);
	suite_test(&s, "test_prune", test_prune);
	suite_test(&s, "test_load_trial", test_load_trial);
	suite_test(&s, "test_too_many", test_too_many);
	suite_test(&s, "test_too_large", test_too_large);
	suite_test(&s, "test_no_number", test_no_number);
	suite_test(&s, "test_no_directory", test_no_directory);
	return suite_run(&s);
}
