/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The unit that applies a stored profile at boot, and how all of it is undone. */
#include "applied.h"
#include "base/mem.h"
#include "engine/apply.h"
#include "engine/persist/apply.h"
#include "engine/persist/files.h"
#include "persisting.h"
#include "stored/stored.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the unit ------------------------------------------------------------------------
 */

static void test_unit(void **state)
{
	const char *before;

	(void)state;
	if (!persisting_install())
		skip();
	assert_part(persisting_applied(BY_UNIT), "changed Applied: ");
	assert_part(tmproot_read(PROFILE_FILE), "net.ipv4.conf.*.rp_filter: 2\n");
	assert_part(tmproot_read(UNIT_FILE),
	            "\nExecStart=/usr/bin/hosttune apply " PROFILE_FILE "\n");
	assert_part(tmproot_read(UNIT_FILE), "\nConditionPathExists=" PROFILE_FILE "\n");
	assert_string_equal(tmproot_read(LINK), tmproot_read(UNIT_FILE));
	before = tmproot_snapshot();
	assert_string_equal(persisting_applied(BY_UNIT), "");
	assert_string_equal(tmproot_snapshot(), before);
	tmproot_remove(LINK);
	assert_string_equal(
		persisting_audited(BY_UNIT),
		"drift PersistedDiffers: hosttune-boot-p.service: the unit is not "
		"enabled;");
	assert_part(persisting_applied(BY_UNIT),
	            "hosttune-boot-p.service applies it at each boot;");
	assert_string_equal(tmproot_contents(), tmproot_contents());
	tmproot_remove(PROFILE_FILE);
	assert_part(persisting_audited(BY_UNIT),
	            "the stored profile is missing or another one");
}

/* A value for this boot only is not set by the unit either. */
static void test_unit_skips(void **state)
{
	(void)state;
	if (!persisting_install())
		skip();
	(void)persisting_applied(
		"version: 1\nsysctl:\n  vm.swappiness: {value: 10, persist: false}\n"
		"  net.ipv4.conf.*.rp_filter: 2\n");
	assert_part(tmproot_read(UNIT_FILE), "apply --skip sysctl:vm.swappiness /etc/");
	assert_part(persisting_audited(BY_UNIT),
	            "another profile, or another program, is applied");
}

/* Whoever can change the program would be root at the next boot. */
static void test_unsafe_program(void **state)
{
	_free_ char *path = mem_format("%s/usr/bin/hosttune", tmproot.path);

	(void)state;
	(void)persisting_install();
	assert_return_code(chmod(path, 0777), errno);
	assert_part(persisting_applied(BY_UNIT), "changed Applied: ");
	assert_string_equal(tmproot_read(UNIT_FILE), "(none)");
	assert_string_equal(persisting_body(SYSCTL_FILE), "vm.swappiness = 10\n");
	assert_part(applied.persist.message,
	            "the host has no hosttune that only root can change");
	assert_string_equal(persisting_audited(BY_UNIT), "");
	assert_part(persisting_audited("version: 1\npersist: true\nsysctl: "
	                               "{net.ipv4.conf.*.rp_filter: 2}\n"),
	            "drift NotPersisted: no hosttune-boot-p.service applies it at boot");
}

/* The administrator's own unit applies the profile already. */
static void test_service(void **state)
{
	(void)state;
	applied_audit(BY_UNIT);
	mem_set(&applied.profile.names[0], mem_dup("/etc/hosttune/profile.yaml"));
	tmproot_link("/etc/systemd/system/multi-user.target.wants/hosttune-apply.service",
	             "/usr/lib/systemd/system/hosttune-apply.service");
	persist_done(&applied.persist);
	persist_observe(&applied.persist, &applied.plan, &applied.profile, &tmproot.host);
	assert_int_equal(plan_apply(&applied.plan, &tmproot.host), 0);
	persist_apply(&applied.persist, &applied.plan, &tmproot.host);
	assert_string_equal(tmproot_read("/etc/hosttune/boot/profile.yaml"), "(none)");
	assert_string_equal(persisting_body("/etc/sysctl.d/90-hosttune-profile.conf"),
	                    "vm.swappiness = 10\n");
}

/* --- undone --------------------------------------------------------------------------
 */

static void test_revert(void **state)
{
	const char *before, *first;

	(void)state;
	if (!persisting_install())
		skip();
	before = tmproot_contents();
	(void)persisting_applied(BY_UNIT);
	first = tmproot_contents();
	(void)persisting_applied("version: 1\nsysctl:\n  vm.swappiness: 20\n"
	                         "  net.ipv4.conf.*.rp_filter: 2\n");
	(void)persisting_reverted(2);
	assert_string_equal(tmproot_contents(), first);
	(void)persisting_reverted(1);
	assert_string_equal(tmproot_contents(), before);
}

static void test_unpersist(void **state)
{
	const char *before;

	(void)state;
	if (!persisting_install())
		skip();
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/rp_filter", "2\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0/rp_filter", "2\n");
	before = tmproot_contents();
	(void)persisting_applied(BY_UNIT);
	assert_string_equal(persisting_unpersisted(), SYSCTL_FILE
	                    " changed Restored;" LINK " changed Restored;" UNIT_FILE
	                    " changed Restored;" PROFILE_FILE " changed Restored;");
	assert_string_equal(tmproot_contents(), before);
	assert_string_equal(persisting_unpersisted(), "");
}

/* Killed after the journal and any number of files: a revert and an apply converge. */
static void test_killed(void **state)
{
	const char *before, *after;

	(void)state;
	if (!persisting_install())
		skip();
	before = tmproot_contents();
	(void)persisting_applied(BY_UNIT);
	after = tmproot_contents();
	for (unsigned n = 0; n <= STORED_FILES; n++) {
		_free_ char *texts[STORED_FILES] = {NULL};
		struct err e = {0};

		for (enum stored_what what = 0; what < STORED_FILES; what++) {
			texts[what] = mem_dup(applied.persist.files->have[what].text);
			if (what >= n)
				(void)stored_write(&tmproot.host, what, "p", NULL, &e);
		}
		(void)persisting_reverted(1);
		assert_string_equal(tmproot_contents(), before);
		for (enum stored_what what = 0; what < n && what < STORED_FILES; what++)
			if (texts[what])
				assert_int_equal(stored_write(&tmproot.host, what, "p",
				                              texts[what], &e),
				                 0);
		(void)persisting_applied(BY_UNIT);
		assert_string_equal(tmproot_contents(), after);
		for (enum stored_what what = 0; what < STORED_FILES; what++)
			mem_set(&texts[what], NULL);
	}
}

int main(void)
{
	static struct suite s;

	suite_fixture(applied_setup_host, applied_teardown);
	suite_test(&s, "the unit", test_unit);
	suite_test(&s, "the unit skips what is not persisted", test_unit_skips);
	suite_test(&s, "a program that others can change", test_unsafe_program);
	suite_test(&s, "the administrator's unit", test_service);
	suite_test(&s, "revert", test_revert);
	suite_test(&s, "unpersist leaves no trace", test_unpersist);
	suite_test(&s, "killed", test_killed);
	return suite_run(&s);
}
