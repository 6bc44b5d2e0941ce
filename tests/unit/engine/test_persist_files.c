/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Files for the next boot on a host without the API: what is stored, and what is refused.
 */
#include "applied.h"
#include "base/mem.h"
#include "host/replace.h"
#include "persisting.h"
#include "test.h"
#include "tmproot.h"

static int setup(void **state)
{
	int r = applied_setup_host(state);

	tmproot_write("/proc/sys/vm/dirty_bytes", "1048576\n");
	tmproot_write("/proc/sys/vm/dirty_ratio", "0\n");
	tmproot_write("/proc/modules", "loop 1 0 - Live 0x0\n");
	return r;
}

/* --- sysctls and modules -------------------------------------------------------------
 */

static void test_stored(void **state)
{
	const char *before;

	(void)state;
	assert_string_equal(persisting_audited(ONE),
	                    "drift LiveDiffers: is 60, should be 10;");
	assert_string_equal(persisting_applied(ONE), "changed Applied: 60 -> 10;");
	assert_string_equal(persisting_body(SYSCTL_FILE), "vm.swappiness = 10\n");
	before = tmproot_snapshot();
	assert_string_equal(persisting_audited(ONE), "");
	assert_string_equal(applied.plan.resources[0]->seen.persisted, "10");
	assert_string_equal(persisting_applied(ONE), "");
	assert_string_equal(tmproot_snapshot(), before);
}

/* An audit alone is quiet, unless the profile asks for persistence. */
static void test_asked(void **state)
{
	const char *live = "version: 1\nsysctl: {vm.page-cluster: 3}\n";
	const char *asks = "version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n";
	const char *never = "version: 1\npersist: false\nsysctl: {vm.page-cluster: 3}\n";
	const char *own = "version: 1\nsysctl: {vm.page-cluster: {value: 3, persist: "
			  "false}}\n";

	(void)state;
	assert_string_equal(persisting_audited(live), "");
	assert_string_equal(persisting_audited(asks),
	                    "drift NotPersisted: not in " SYSCTL_FILE
	                    ": lost at the next boot;");
	assert_string_equal(persisting_applied(never), "");
	assert_string_equal(persisting_applied(own), "");
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
	assert_string_equal(persisting_applied(asks),
	                    "changed Applied: stored in " SYSCTL_FILE ";");
	assert_string_equal(persisting_audited(asks), "");
	/* from then on, it is asked for */
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_string_equal(
		persisting_audited(
			"version: 1\nsysctl: {vm.page-cluster: 3, vm.swappiness: 10}\n"),
		"drift NotPersisted: not in " SYSCTL_FILE ": lost at the next boot;");
	tmproot_write("/proc/sys/vm/page-cluster", "5\n");
	assert_string_equal(
		persisting_audited("version: 1\nsysctl: {vm.page-cluster: 5}\n"),
		"drift PersistedDiffers: " SYSCTL_FILE " holds 3;");
}

static void test_modules(void **state)
{
	(void)state;
	assert_string_equal(persisting_applied("version: 1\nmodules: [loop]\n"),
	                    "changed Applied: stored in " MODULES_FILE ";");
	assert_string_equal(persisting_body(MODULES_FILE), "loop\n");
	assert_string_equal(persisting_applied(ONE), "changed Applied: 60 -> 10;");
	/* what the profile does not name any more goes */
	assert_string_equal(tmproot_read(MODULES_FILE), "(none)");
}

/* --- files of others -----------------------------------------------------------------
 */

static void test_edited(void **state)
{
	const char *before;

	(void)state;
	(void)persisting_applied(ONE);
	tmproot_write(SYSCTL_FILE, keep_text(mem_format("%svm.swappiness = 3\n",
	                                                tmproot_read(SYSCTL_FILE))));
	before = tmproot_contents();
	assert_string_equal(
		persisting_applied(ONE),
		"refused FileEdited: " SYSCTL_FILE
		" was edited since hosttune wrote it: it is not overwritten;");
	assert_string_equal(persisting_unpersisted(),
	                    SYSCTL_FILE " skipped ChangedSince;");
	assert_string_equal(persisting_reverted(1), SYSCTL_FILE
	                    " skipped ChangedSince;vm.swappiness changed Restored;");
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_string_equal(tmproot_contents(), before);
}

static void make_file(void)
{
	tmproot_write(SYSCTL_FILE, "vm.swappiness = 5\n");
}

static void make_link(void)
{
	tmproot_write("/etc/other", "vm.swappiness = 5\n");
	tmproot_link(SYSCTL_FILE, "../other");
}

static void make_dir(void)
{
	tmproot_dir(SYSCTL_FILE);
}

static const struct foreign {
	const char *name;
	void (*make)(void);
} foreigns[] = {{"a file", make_file}, {"a link", make_link}, {"a directory", make_dir}};

static void test_foreign(void **state)
{
	const struct foreign *row = *state;
	const char *before;

	row->make();
	before = tmproot_contents();
	assert_string_equal(persisting_applied(ONE),
	                    "refused FileForeign: " SYSCTL_FILE
	                    " was not written by hosttune: it is not overwritten;");
	assert_string_equal(persisting_unpersisted(),
	                    SYSCTL_FILE " skipped ChangedSince;");
	assert_string_equal(tmproot_contents(), before);
}

/* The file appears while the plan runs. */
static void test_meanwhile(void **state)
{
	const struct foreign *row = *state;
	const char *before;

	applied_audit(ONE);
	row->make();
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	before = tmproot_contents();
	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	assert_int_equal(applied_act(), 0);
	assert_string_equal(
		applied_report(),
		"failed NotStored: 60 -> 10, but not persisted: the files were "
		"changed meanwhile;");
	assert_string_equal(tmproot_contents(), before);
	assert_string_equal(applied_records(applied_journal(1)),
	                    "vm.swappiness \"60\" \"10\";");
}

/* The same of what was stored, and is then removed: it is stored again. */
static void test_removed_meanwhile(void **state)
{
	(void)state;
	(void)persisting_applied(ONE);
	applied_audit(ONE);
	tmproot_remove(SYSCTL_FILE);
	assert_int_equal(applied_act(), 0);
	assert_string_equal(applied_report(),
	                    "changed Applied: stored in " SYSCTL_FILE ";");
	assert_string_equal(persisting_audited(ONE), "");
}

/* A watch that cannot write the file again: what it wrote before is still its own. */
static void test_not_again(void **state)
{
	(void)state;
	applied.command = "watch";
	(void)persisting_applied(ONE);
	tmproot_dir("/etc/sysctl.d/.90-hosttune-p.conf" HOST_REPLACE_NEW);
	assert_part(persisting_applied("version: 1\nsysctl: {vm.swappiness: 20}\n"),
	            "failed NotStored: 10 -> 20, but not persisted: ");
	applied_remove_dir("/etc/sysctl.d/.90-hosttune-p.conf" HOST_REPLACE_NEW);
	assert_string_equal(persisting_body(SYSCTL_FILE), "vm.swappiness = 10\n");
	assert_string_equal(persisting_reverted(1), SYSCTL_FILE
	                    " changed Restored;vm.swappiness changed Restored;");
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
}

/* Which file wins at boot. */
static const struct winner {
	const char *name, *path, *text, *reported;
} winners[] = {
	{"a later file", "/etc/sysctl.d/99-x.conf", "\nvm.swappiness=5",
         "drift PersistedOverridden: /etc/sysctl.d/99-x.conf:2 sets 5 at each boot, "
         "after " SYSCTL_FILE ";"},
	{"a later file of the vendor", "/usr/lib/sysctl.d/95-x.conf", "vm/swappiness=5",
         "drift PersistedOverridden: /usr/lib/sysctl.d/95-x.conf:1 sets 5 at each boot, "
         "after " SYSCTL_FILE ";"},
	{"an earlier file", "/usr/lib/sysctl.d/50-x.conf", "vm.swappiness=5", ""},
	{"a later file with the same value", "/etc/sysctl.d/99-x.conf",
         "vm.swappiness = 10", ""},
	{"a file that systemd does not read", "/etc/sysctl.conf", "vm.swappiness = 5",
         ""},
	{"a line that excludes the key", "/etc/sysctl.d/99-x.conf", "-vm.swappiness",
         "drift PersistedOverridden: /etc/sysctl.d/99-x.conf:1 excludes the key: no boot "
         "sets it, nor does " SYSCTL_FILE ";"},
	{"a line whose failure is ignored", "/etc/sysctl.d/99-x.conf", "-vm.swappiness=5",
         "drift PersistedOverridden: /etc/sysctl.d/99-x.conf:1 sets 5 at each boot, after " SYSCTL_FILE
         ";"},
	{"a pattern", "/etc/sysctl.d/99-x.conf", "vm.swapp* = 5", ""},
};

static void test_winner(void **state)
{
	const struct winner *row = *state;

	(void)persisting_applied(ONE);
	tmproot_write(row->path, row->text);
	assert_string_equal(persisting_audited(ONE), row->reported);
	assert_string_equal(persisting_applied(ONE), row->reported);
}

/* A key that excludes ours, set after it. */
static void test_excluded(void **state)
{
	const char *bytes = "version: 1\nsysctl: {vm.dirty_bytes: 1048576}\n";

	(void)state;
	(void)persisting_applied(bytes);
	tmproot_write("/etc/sysctl.d/10-x.conf", "vm.dirty_ratio = 20\n");
	assert_string_equal(persisting_audited(bytes), "");
	tmproot_write("/etc/sysctl.d/91-x.conf", "vm.dirty_ratio = 20\n");
	assert_string_equal(
		persisting_audited(bytes),
		"drift PersistedOverridden: /etc/sysctl.d/91-x.conf:1 sets 20 at "
		"each boot, after " SYSCTL_FILE ";");
}

/* What another file sets already is not lost, though hosttune did not store it. */
static void test_set_anyway(void **state)
{
	(void)state;
	tmproot_write("/etc/sysctl.d/50-x.conf", "vm.page-cluster = 3\n");
	assert_string_equal(
		persisting_audited(
			"version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n"),
		"");
}

/* Where files cannot be read, nobody knows what the next boot sets. */
static void test_unknown(void **state)
{
	(void)state;
	(void)persisting_applied(ONE);
	for (int i = 0; i < 10000; i++)
		tmproot_write(keep_text(mem_format("/usr/lib/sysctl.d/%d.conf", i)), "");
	assert_string_equal(
		persisting_audited(ONE),
		"failed NotReadable: in sync, but it is unknown what the next "
		"boot sets: there are more than 1024 files of sysctl.d;");
}

/* --- hosts that cannot store ---------------------------------------------------------
 */

static void test_without_systemd(void **state)
{
	(void)state;
	applied_remove_dir("/run/systemd/system");
	tmproot.host.no_api = NULL;
	mem_set(&tmproot.host.api_socket, mem_dup("/nowhere"));
	assert_string_equal(persisting_applied(ONE), "changed Applied: 60 -> 10;");
	assert_part(applied.persist.message, "; this host does not run systemd");
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
	assert_string_equal(
		persisting_applied(
			"version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n"),
		"failed NotStored: in effect, but not persisted: this host does not run "
		"systemd;");
}

/* A link in the place of the directory: nothing is written through it. */
static void test_unwritable(void **state)
{
	(void)state;
	applied_remove_dir("/etc/sysctl.d");
	tmproot_dir("/elsewhere");
	tmproot_link("/etc/sysctl.d", "../elsewhere");
	assert_string_equal(persisting_applied(ONE), "changed Applied: 60 -> 10;");
	assert_part(applied.persist.message, "/etc/sysctl.d");
	assert_string_equal(tmproot_read("/elsewhere/90-hosttune-p.conf"), "(none)");
	assert_part(persisting_applied(
			    "version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n"),
	            "failed NotStored: in effect, but not persisted: ");
}

static void test_bottlerocket(void **state)
{
	(void)state;
	tmproot_write("/etc/os-release", "ID=bottlerocket\n");
	assert_string_equal(persisting_applied(ONE), "changed Applied: 60 -> 10;");
	assert_null(applied.persist.files);
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
}

static void test_captured(void **state)
{
	(void)state;
	tmproot.host.live = false;
	assert_string_equal(persisting_applied(ONE), "changed Applied: 60 -> 10;");
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, applied_teardown);
	suite_test(&s, "stored, and nothing is written again", test_stored);
	suite_test(&s, "drift only where persistence was asked for", test_asked);
	suite_test(&s, "modules", test_modules);
	suite_test(&s, "an edited file", test_edited);
	suite_rows(&s, foreigns, test_foreign);
	suite_rows(&s, foreigns, test_meanwhile);
	suite_test(&s, "removed meanwhile", test_removed_meanwhile);
	suite_test(&s, "a file that cannot be written again", test_not_again);
	suite_rows(&s, winners, test_winner);
	suite_test(&s, "a key that excludes it", test_excluded);
	suite_test(&s, "set by another file anyway", test_set_anyway);
	suite_test(&s, "10,000 files", test_unknown);
	suite_test(&s, "without systemd", test_without_systemd);
	suite_test(&s, "a link for a directory", test_unwritable);
	suite_test(&s, "Bottlerocket", test_bottlerocket);
	suite_test(&s, "a captured root", test_captured);
	return suite_run(&s);
}
