/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Several journals, and journals of others. */
#include "applied.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "engine/undo/revert.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "test.h"
#include "tmproot.h"

/* --- several journals ----------------------------------------------------------------
 */

/* With the other journals in view, mark it, and return what it says. */
static const char *revert_among(unsigned id)
{
	_journal_store_ struct journal_store s = {.fd = -1};
	_journal_ struct journal j = {0};
	_buf_ struct buf b = {0};
	struct err e = {0};
	struct revert v;

	assert_int_equal(journal_store_open(&s, &tmproot.host, applied.dir, false, &e),
	                 0);
	assert_int_equal(journal_store_load(&s, id, &j, &e), 0);
	assert_int_equal(revert_observe(&v, &j, &s, &tmproot.host, &e), 0);
	(void)revert_apply(&v);
	for (size_t i = 0; i < v.plan.n; i++)
		buf_addf(&b, "%s: %s;\n", v.plan.resources[i]->name,
		         v.plan.resources[i]->run.change.message
		                 ? v.plan.resources[i]->run.change.message
		                 : "as before");
	assert_int_equal(revert_mark(&v, &s, &j, &e), 0);
	buf_add(&b, journal_state_word(j.state));
	revert_done(&v);
	return keep_text(buf_take(&b));
}

#define SWAPPINESS(n) "version: 1\npersist: false\nsysctl:\n  vm.swappiness: " #n "\n"

/*
 * Out of order: what a later run changed again waits for that one, even where it has the
 * value of the older run, or the one before both. In the end all is as it was.
 */
static void test_older_first(void **state)
{
	static const char *const middle[] = {SWAPPINESS(20), SWAPPINESS(60)};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(middle); i++) {
		unsigned first = (unsigned)i * 3 + 1;
		_free_ char *waits = NULL;

		assert_int_equal(applied_run(SWAPPINESS(10) "  vm.page-cluster: 0\n"), 0);
		assert_int_equal(applied_run(middle[i]), 0);
		assert_int_equal(applied_run(SWAPPINESS(10)), 0);
		waits = mem_format("vm.page-cluster: 0 -> 3;\n"
		                   "vm.swappiness: is 10: journal %u changed it again, "
		                   "and is not reverted;\napplied",
		                   first + 2);
		assert_string_equal(revert_among(first), waits);
		assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
		assert_part(revert_among(first + 2), "reverted");
		assert_part(revert_among(first), "journal");
		assert_part(revert_among(first + 1), "reverted");
		assert_part(revert_among(first), "reverted");
		assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
		assert_string_equal(tmproot_read("/proc/sys/vm/page-cluster"), "3\n");
	}
}

/* A reboot undid what the later run did, and so that one has nothing to restore. */
static void test_later_boot(void **state)
{
	(void)state;
	assert_int_equal(applied_run(SWAPPINESS(10)), 0);
	tmproot_write(APPLIED_BOOT_ID, "boot-2\n");
	assert_int_equal(applied_run(SWAPPINESS(20)), 0);
	tmproot_write(APPLIED_BOOT_ID, "boot-1\n");
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_string_equal(revert_among(1), "vm.swappiness: 10 -> 60;\nreverted");
}

/* --- one object, several texts --------------------------------------------------------
 */

static void save_journal(const char *kind, const char *object, const char *previous,
                         const char *desired)
{
	_journal_store_ struct journal_store s = {.fd = -1};
	struct journal_record r = {.kind = mem_dup(kind),
	                           .object = mem_dup(object),
	                           .previous = node_new_text(previous),
	                           .desired = node_new_text(desired)};
	_journal_ struct journal j = {.boot = mem_dup("boot-1"),
	                              .machine = mem_dup("machine-1"),
	                              .command = mem_dup("apply"),
	                              .profile = mem_dup("p"),
	                              .state = JOURNAL_APPLIED};
	struct err e;

	(void)journal_add(&j, &r);
	assert_int_equal(journal_store_open(&s, &tmproot.host, applied.dir, true, &e), 0);
	assert_int_equal(journal_store_save(&s, &j, &e), 0);
}

#define NET      "/sys/class/net/eth0/"
#define IS_LATER "journal 2 changed it again, and is not reverted;\napplied"

static const struct renamed {
	const char *name, *kind, *first, *second;
	bool later;
} renamed[] = {
	{"renamed", "link", "eth0:2 link mtu", "ens5:2 link mtu", true},
	{"another number", "link", "eth0:2 link mtu", "eth0:3 link mtu", false},
	{"without a number", "link", "eth0:2 link mtu", "eth0 link mtu", true},
	{"without numbers", "link", "eth0 link mtu", "eth0 link mtu", true},
	/* a part of what a run changed together */
	{"a part", "link", "eth0:2 link mtu", "ens5:2 link txqueuelen,mtu", true},
	{"another part", "link", "eth0:2 link mtu", "eth0:2 link txqueuelen", false},
	{"another group", "link", "eth0:2 link mtu", "eth0:2 channels rx", false},
	{"damaged", "link", "eth0:2 link mtu", "eth0:2 link", false},
	{"steering, renamed", "rps", "eth0:2 rps", "ens5:2 rps", true},
	{"steering of another number", "rps", "eth0:2 rps", "eth0:3 rps", false},
	{"other steering", "rps", "eth0:2 rps", "ens5:2 rfs", false},
};

/* An interface is the one with its number, as for the revert itself. */
static void test_renamed(void **state)
{
	const struct renamed *row = *state;
	const char *says;

	tmproot_write(NET "mtu", "1400\n");
	tmproot_write(NET "tx_queue_len", "1000\n");
	tmproot_write(NET "queues/rx-0/rps_cpus", "1\n");
	save_journal(row->kind, row->first, "1500", "1400");
	save_journal(row->kind, row->second, "1", "2");
	says = revert_among(1);
	if (row->later)
		assert_part(says, IS_LATER);
	else
		assert_null(strstr(says, "journal 2"));
	/* nor is it the other way round */
	assert_null(strstr(revert_among(2), "journal 1"));
}

/* --- hostile journals ----------------------------------------------------------------
 */

static const struct hostile {
	const char *name, *kind, *object, *value, *says;
	bool stored;
} hostile[] = {
	{"above", "sysctl", "kernel.../../../etc/passwd", "x", "failed NotReadable",
         false},
	{"absolute", "sysctl", "/etc/passwd", "x", "failed NotReadable", false},
	{"pattern", "sysctl", "vm.*", "x", "failed NotReadable", false},
	{"action", "sysctl", "vm.drop_caches", "3", "failed NotReadable", false},
	{"queue above", "queue", "../../etc scheduler", "x", "failed NotReadable", false},
	{"queue other", "queue", "nvme0n1 uevent", "x", "failed NotReadable", false},
	{"sysfs, an action", "sysfs", "/sys/block/sda/device/delete", "1",
         "failed NotReadable", false},
	{"sysfs above", "sysfs", "/sys/../etc/passwd", "1", "failed NotReadable", false},
	{"sysfs, a pattern", "thp", "/sys/kernel/mm/*", "1", "failed NotReadable", false},
	{"rings above", "rings", "../../etc rings rx", "1", "failed NotReadable", false},
	{"link other", "link", "lo link address", "x", "failed NotReadable", false},
	{"nfsd other", "nfsd", "portlist", "x", "failed NotReadable", false},
	{"kind", "shell", "rm -rf /", "x", "failed Failed", false},
	{"storage", "filesystem", "data", "x", "skipped Remains", false},
	{"no setting", "setting", "motd", "x", "failed NotReadable", true},
	{"empty segment", "setting", "settings..a", "x", "failed NotReadable", true},
};

/* Whoever wrote it: what is no object of a kind is not read, nor written. */
static void test_hostile(void **state)
{
	const struct hostile *h = *state;
	struct journal_record r = {.kind = mem_dup(h->kind),
	                           .object = mem_dup(h->object),
	                           .stored = h->stored,
	                           .previous = node_new_text(h->value),
	                           .desired = node_new_text("y")};
	_journal_ struct journal j = {.boot = mem_dup("boot-1"),
	                              .machine = mem_dup("machine-1"),
	                              .command = mem_dup("apply"),
	                              .profile = mem_dup("p")};
	const char *before;

	tmproot_write("/etc/passwd", "y\n");
	tmproot_write("/proc/sys/vm/drop_caches", "y\n");
	tmproot_write("/sys/block/nvme0n1/uevent", "y\n");
	before = tmproot_snapshot();
	(void)journal_add(&j, &r);
	assert_part(applied_revert(&j), h->says);
	assert_string_equal(tmproot_snapshot(), before);
}

int main(void)
{
	static struct suite s;

	suite_fixture(applied_setup, applied_teardown);
	suite_test(&s, "test_older_first", test_older_first);
	suite_test(&s, "test_later_boot", test_later_boot);
	suite_rows(&s, renamed, test_renamed);
	suite_rows(&s, hostile, test_hostile);
	return suite_run(&s);
}
