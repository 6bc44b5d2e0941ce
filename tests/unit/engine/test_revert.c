/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The journal of an apply, and what a revert makes of it. */
#include "applied.h"
#include "base/mem.h"
#include "engine/apply.h"
#include "engine/undo/revert.h"
#include "journal/journal.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

static int setup(void **state)
{
	int r = applied_setup(state);

	tmproot_write("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	tmproot_write("/proc/sys/net/ipv4/conf/lo/rp_filter", "2\n");
	return r;
}

#define THREE                                                                       \
	"version: 1\npersist: false\nsysctl:\n  vm.swappiness: {max: 10}\n"         \
	"  vm.page-cluster: 3\n  net.ipv4.tcp_rmem: [4096, 131072, {min: 16MiB}]\n" \
	"  net.ipv4.conf.*.rp_filter: 2\n"

/* A bound and a pattern have the values that were written; what was in sync has none. */
static void test_apply_and_revert(void **state)
{
	const char *before = tmproot_contents();
	struct journal *j;

	(void)state;
	assert_int_equal(applied_run(THREE), 0);
	j = applied_journal(1);
	assert_string_equal(j->boot, "boot-1");
	assert_string_equal(j->machine, "machine-1");
	assert_int_equal(j->state, JOURNAL_APPLIED);
	assert_string_equal(applied_records(j),
	                    "vm.swappiness \"60\" \"10\";"
	                    "net.ipv4.tcp_rmem \"4096 131072 6291456\" "
	                    "\"4096 131072 16777216\";"
	                    "net.ipv4.conf.all.rp_filter \"0\" \"2\";"
	                    "net.ipv4.conf.eth0.rp_filter \"1\" \"2\";");
	assert_string_equal(
		applied_revert(j),
		"net.ipv4.conf.eth0.rp_filter changed Restored: 2 -> 1;\n"
		"net.ipv4.conf.all.rp_filter changed Restored: 2 -> 0;\n"
		"net.ipv4.tcp_rmem changed Restored: 4096 131072 16777216 -> 4096 131072 "
		"6291456;\n"
		"vm.swappiness changed Restored: 10 -> 60;\n"
		"complete");
	tmproot_write("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	assert_string_equal(tmproot_contents(), before);
	/* once more: all is as before */
	assert_part(applied_revert(j), "vm.swappiness ok : ;\ncomplete");
	assert_string_equal(tmproot_contents(), before);
}

/* A text gets back all of its blanks. */
static void test_text(void **state)
{
	static const char *const values[] = {" |/bin/dump  %p  x \n", "core\n"};
	const struct journal *j;

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
		tmproot_write("/proc/sys/kernel/core_pattern", values[i]);
		/* no shorter: captured files keep their length */
		assert_int_equal(
			applied_run("version: 1\npersist: false\nsysctl: "
		                    "{kernel.core_pattern: core.%e.of.%p.at.%t}\n"),
			0);
		j = applied_journal(i + 1);
		assert_string_equal(tmproot_read("/proc/sys/kernel/core_pattern"),
		                    "core.%e.of.%p.at.%t\n");
		assert_part(applied_revert(j), "complete");
		assert_string_equal(tmproot_read("/proc/sys/kernel/core_pattern"),
		                    values[i]);
	}
}

static void test_text_with_tab(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/kernel/core_pattern", "\ta\t b\n");
	assert_int_equal(applied_run("version: 1\npersist: false\nsysctl: "
	                             "{kernel.core_pattern: core.%e}\n"),
	                 0);
	assert_part(applied_revert(applied_journal(1)), "complete");
	assert_string_equal(tmproot_read("/proc/sys/kernel/core_pattern"), "a b\n");
}

/* A run that changes nothing, or whose changes were rolled back, leaves no journal. */
static void test_nothing(void **state)
{
	(void)state;
	assert_int_equal(
		applied_run("version: 1\npersist: false\nsysctl: {vm.swappiness: 60}\n"),
		0);
	assert_int_equal(access(applied.dir, F_OK), -1);
	tmproot_protect("/proc/sys/vm/page-cluster");
	assert_int_equal(
		applied_run("version: 1\npersist: false\nsysctl: {vm.swappiness: 10, "
	                    "vm.page-cluster: 0}\n"),
		-1);
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	(void)applied_journal(0);
}

/* Without a journal, nothing is written: the directory is a file. */
static void test_cannot_write(void **state)
{
	(void)state;
	tmproot_write("../outside/journal", "");
	applied_audit(THREE);
	assert_int_equal(plan_apply(&applied.plan, &tmproot.host), -1);
	assert_string_equal(reason_word(applied.plan.resources[0]->run.change.reason),
	                    "NotJournaled");
	assert_string_equal(reason_word(applied.plan.resources[2]->run.change.reason),
	                    "NotAttempted");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	/* on-failure: continue does not change that */
	applied_audit("version: 1\non-failure: continue\npersist: false\n"
	              "sysctl: {vm.swappiness: 10, vm.page-cluster: 0}\n");
	(void)plan_apply(&applied.plan, &tmproot.host);
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	assert_string_equal(tmproot_read("/proc/sys/vm/page-cluster"), "3\n");
}

/* The run died: all is in the journal, some was written. */
static void test_interrupted(void **state)
{
	struct err e = {0};
	struct journal *j;

	(void)state;
	applied_audit(THREE);
	assert_int_equal(
		journaling_plan(&applied.journaling, &applied.plan, &tmproot.host, &e),
		0);
	j = applied_journal(1);
	assert_int_equal(j->state, JOURNAL_APPLYING);
	assert_int_equal(j->n, 4);
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_part(applied_revert(j),
	            "net.ipv4.conf.all.rp_filter ok : ;\n"
	            "net.ipv4.tcp_rmem ok : ;\n"
	            "vm.swappiness changed Restored: 10 -> 60;\ncomplete");
}

static void test_changed_since(void **state)
{
	struct journal *j;

	(void)state;
	assert_int_equal(applied_run(THREE), 0);
	tmproot_write("/proc/sys/vm/swappiness", "30\n");
	tmproot_remove("/proc/sys/net/ipv4/conf/eth0/rp_filter");
	j = applied_journal(1);
	assert_string_equal(
		applied_revert(j),
		"net.ipv4.conf.eth0.rp_filter skipped ChangedSince: does not exist any "
		"more;\n"
		"net.ipv4.conf.all.rp_filter changed Restored: 2 -> 0;\n"
		"net.ipv4.tcp_rmem changed Restored: 4096 131072 16777216 -> 4096 131072 "
		"6291456;\n"
		"vm.swappiness skipped ChangedSince: is 30: hosttune set 10, and it was 60 "
		"before;\n"
		"complete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "30\n");
}

/* Two applies are undone one after the other. */
static void test_two(void **state)
{
	(void)state;
	assert_int_equal(
		applied_run("version: 1\npersist: false\nsysctl: {vm.swappiness: 10}\n"),
		0);
	assert_int_equal(
		applied_run("version: 1\npersist: false\nsysctl: {vm.swappiness: 20}\n"),
		0);
	assert_part(applied_revert(applied_journal(2)),
	            "vm.swappiness changed Restored: 20 -> 10;");
	assert_part(applied_revert(applied_journal(1)),
	            "vm.swappiness changed Restored: 10 -> 60;");
}

/* Values of the running kernel do not outlive a reboot, and another machine has its own.
 */
static void test_other_boot(void **state)
{
	struct journal *j;
	struct revert v;
	struct err e = {0};

	(void)state;
	assert_int_equal(applied_run(THREE), 0);
	j = applied_journal(1);
	tmproot_write(APPLIED_BOOT_ID, "boot-2\n");
	assert_part(applied_revert(j),
	            "vm.swappiness skipped OtherBoot: was set to 10 before the "
	            "last reboot, which undid it;\ncomplete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	tmproot_write("/etc/machine-id", "machine-2\n");
	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), -EXDEV);
	assert_part(e.text, "is of another machine");
	revert_done(&v);
	/* unknown is not the same */
	tmproot_remove("/etc/machine-id");
	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), -EXDEV);
	assert_part(e.text, "the machine id of this host is unknown");
	revert_done(&v);
}

/* A running host whose boot id cannot be read: nobody knows what a reboot has undone. */
/* Why the journal is not reverted. */
static const char *refusal(const struct journal *j)
{
	static struct err e;
	_cleanup_(revert_done) struct revert v = {0};

	assert_true(revert_observe(&v, j, NULL, &tmproot.host, &e) < 0);
	return e.text;
}

/* Unknown is not another boot, in which nothing would be left to restore. */
static void test_unknown_boot(void **state)
{
	(void)state;
	assert_int_equal(applied_run(THREE), 0);
	tmproot_remove(APPLIED_BOOT_ID);
	assert_string_equal(refusal(applied_journal(1)),
	                    "journal 1: may be of another boot: the boot id of this host "
	                    "is unknown");
	tmproot.host.live = true;
	assert_part(refusal(applied_journal(1)), APPLIED_BOOT_ID ": No such file");
	tmproot.host.live = false;
	tmproot_dir(APPLIED_BOOT_ID);
	assert_part(refusal(applied_journal(1)), APPLIED_BOOT_ID ": Is a directory");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
}

static void test_unknown_machine(void **state)
{
	(void)state;
	assert_int_equal(applied_run(THREE), 0);
	tmproot_remove("/etc/machine-id");
	tmproot_dir("/etc/machine-id");
	assert_part(refusal(applied_journal(1)), "/etc/machine-id: Is a directory");
}

/* A captured host without ids: its journals are its own. */
static void test_no_boot(void **state)
{
	(void)state;
	tmproot_remove(APPLIED_BOOT_ID);
	assert_int_equal(applied_run(THREE), 0);
	assert_part(applied_revert(applied_journal(1)), "vm.swappiness changed Restored");
}

/* A journal without its boot could not be reverted. */
static void test_no_journal_without_boot(void **state)
{
	(void)state;
	tmproot_remove(APPLIED_BOOT_ID);
	tmproot_dir(APPLIED_BOOT_ID);
	assert_true(applied_run(THREE) < 0);
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	assert_null(applied_journal(0));
}

/* A value that cannot be written fails; the others are restored, and it can be repeated.
 */
static void test_fails(void **state)
{
	struct journal *j;

	(void)state;
	assert_int_equal(applied_run(THREE), 0);
	j = applied_journal(1);
	tmproot_protect("/proc/sys/net/ipv4/tcp_rmem");
	assert_part(applied_revert(j), "net.ipv4.tcp_rmem failed RefusedByKernel");
	assert_part(applied_revert(j), "not complete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
}

/* A watch keeps one journal, without what is gone: pods come and go. */
static void test_watch(void **state)
{
	const char *text = "version: 1\npersist: false\nsysctl:\n"
			   "  net.ipv4.conf.*.rp_filter: 2\n";

	(void)state;
	applied.command = "watch";
	assert_int_equal(applied_run(text), 0);
	assert_string_equal(applied_records(applied_journal(1)),
	                    "net.ipv4.conf.all.rp_filter \"0\" \"2\";"
	                    "net.ipv4.conf.eth0.rp_filter \"1\" \"2\";");
	tmproot_remove("/proc/sys/net/ipv4/conf/eth0/rp_filter");
	tmproot_write("/proc/sys/net/ipv4/conf/lo/rp_filter", "1\n");
	assert_int_equal(applied_run(text), 0);
	assert_string_equal(applied_records(applied_journal(1)),
	                    "net.ipv4.conf.all.rp_filter \"0\" \"2\";"
	                    "net.ipv4.conf.lo.rp_filter \"1\" \"2\";");
}

/* What it set before is its own, also if it fails to change it again. */
static void test_watch_fails(void **state)
{
	const char *to_10 = "version: 1\npersist: false\nsysctl: {vm.swappiness: 10}\n";
	const char *to_20 = "version: 1\npersist: false\nsysctl:\n"
			    "  {vm.swappiness: 20, vm.page-cluster: 0}\n";

	(void)state;
	applied.command = "watch";
	assert_int_equal(applied_run(to_10), 0);
	tmproot_protect("/proc/sys/vm/swappiness");
	assert_int_equal(applied_run(to_20), -1);
	assert_string_equal(applied_records(applied_journal(1)),
	                    "vm.swappiness \"60\" \"10\";");
	tmproot_protect("/proc/sys/vm/page-cluster");
	assert_int_equal(applied_run(to_20), -1);
	assert_string_equal(applied_records(applied_journal(1)),
	                    "vm.swappiness \"60\" \"10\";");
	tmproot_remove("/proc/sys/vm/swappiness");
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_string_equal(applied_revert(applied_journal(1)),
	                    "vm.swappiness changed Restored: 10 -> 60;\ncomplete");
}

/* What the kernel changes with a key, the profile need not name. */
static void test_sets_others(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/net/ipv4/ip_forward", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/forwarding", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0.1/forwarding", "1\n");
	tmproot_write("/proc/sys/net/ipv4/conf/lo/forwarding", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/accept_redirects", "0\n");
	assert_int_equal(
		applied_run(
			"version: 1\npersist: false\nsysctl: {net.ipv4.ip_forward: 1}\n"),
		0);
	assert_string_equal(applied_records(applied_journal(1)),
	                    "net.ipv4.conf.eth0/1.forwarding \"1\" \"1\";"
	                    "net.ipv4.conf.all.accept_redirects \"0\" \"0\";"
	                    "net.ipv4.ip_forward \"0\" \"1\";");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, applied_teardown);
	suite_test(&s, "test_apply_and_revert", test_apply_and_revert);
	suite_test(&s, "test_text", test_text);
	suite_test(&s, "test_text_with_tab", test_text_with_tab);
	suite_test(&s, "test_nothing", test_nothing);
	suite_test(&s, "test_cannot_write", test_cannot_write);
	suite_test(&s, "test_interrupted", test_interrupted);
	suite_test(&s, "test_changed_since", test_changed_since);
	suite_test(&s, "test_two", test_two);
	suite_test(&s, "test_other_boot", test_other_boot);
	suite_test(&s, "test_unknown_boot", test_unknown_boot);
	suite_test(&s, "test_unknown_machine", test_unknown_machine);
	suite_test(&s, "test_no_boot", test_no_boot);
	suite_test(&s, "test_no_journal_without_boot", test_no_journal_without_boot);
	suite_test(&s, "test_fails", test_fails);
	suite_test(&s, "test_watch", test_watch);
	suite_test(&s, "test_watch_fails", test_watch_fails);
	suite_test(&s, "test_sets_others", test_sets_others);
	return suite_run(&s);
}
