/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What killed runs leave, and what belongs to others. */
#include "base/mem.h"
#include "host/file.h"
#include "stored/stored.h"
#include "test.h"
#include "tmproot.h"

#define SYSCTL_D "/etc/sysctl.d/"
#define BOOT     "/etc/hosttune/boot"

static bool exists(const char *path)
{
	return host_file_exists(&tmproot.host, path);
}

static void test_new_files(void **state)
{
	(void)state;
	tmproot_write(SYSCTL_D ".90-hosttune-p.conf.hosttune-new", "half");
	tmproot_write(SYSCTL_D "90-hosttune-p.conf", "whole");
	tmproot_write(SYSCTL_D ".99-other.conf.hosttune-new", "another's");
	tmproot_write(SYSCTL_D ".90-hosttune-p.conf.new", "another's");
	tmproot_write("/etc/systemd/system/.hosttune-boot-p.service.hosttune-new", "");
	stored_tidy(&tmproot.host);
	assert_false(exists(SYSCTL_D ".90-hosttune-p.conf.hosttune-new"));
	assert_false(exists("/etc/systemd/system/.hosttune-boot-p.service.hosttune-new"));
	assert_string_equal(tmproot_read(SYSCTL_D "90-hosttune-p.conf"), "whole");
	assert_true(exists(SYSCTL_D ".99-other.conf.hosttune-new"));
	assert_true(exists(SYSCTL_D ".90-hosttune-p.conf.new"));
}

static void test_empty_directories(void **state)
{
	(void)state;
	tmproot_dir(BOOT);
	stored_tidy(&tmproot.host);
	assert_false(exists("/etc/hosttune"));
	tmproot_dir(BOOT);
	tmproot_write("/etc/hosttune/profile.yaml", "version: 1\n");
	stored_tidy(&tmproot.host);
	assert_false(exists(BOOT));
	assert_true(exists("/etc/hosttune/profile.yaml"));
}

/* Without its own directory in it, it may be the administrator's. */
static void test_kept_directories(void **state)
{
	(void)state;
	tmproot_dir("/etc/hosttune");
	stored_tidy(&tmproot.host);
	assert_true(exists("/etc/hosttune"));
	tmproot_write(BOOT "/p.yaml", "version: 1\n");
	stored_tidy(&tmproot.host);
	assert_true(exists(BOOT "/p.yaml"));
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "new files that were never renamed", test_new_files);
	suite_test(&s, "empty directories", test_empty_directories);
	suite_test(&s, "directories that stay", test_kept_directories);
	return suite_run(&s);
}
