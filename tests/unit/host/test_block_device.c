/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Devices by their nodes, and the drives below them. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "drives.h"
#include "host/block_device.h"
#include "host/file.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static const char *found(const char *device)
{
	_block_device_ struct block_device d = {0};
	_buf_ struct buf text = {0};
	struct err e = {0};
	int code = block_device_find(&tmproot.host, device, &d, &e);

	if (code < 0)
		return keep_text(mem_format("%d %s", code, e.text));
	buf_addf(&text, "%s %u:%u", d.name, d.major, d.minor);
	for (char **name = d.drives; *name; name++)
		buf_addf(&text, " %s", *name);
	return keep_text(buf_take(&text));
}

static void test_drive(void **state)
{
	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 3);
	assert_string_equal(found("/dev/nvme0n1"), "nvme0n1 259:3 nvme0n1");
	drive_add("cciss!c0d0", "x", "y", 4);
	assert_string_equal(found("/dev/cciss/c0d0"), "cciss!c0d0 259:4 cciss!c0d0");
	tmproot_dir("/sys/block/nvme0n1/slaves");
	assert_string_equal(found("/dev/nvme0n1"), "nvme0n1 259:3 nvme0n1");
	assert_part(found("/dev/nvme1n1"), "/dev/nvme1n1: no such block device");
	/* what cannot be read is not the same as no device */
	drive_set("nvme0n1", "dev", "what");
	assert_part(found("/dev/nvme0n1"), "nvme0n1/dev: is not a device number");
	tmproot_remove("/sys/block/nvme0n1/dev");
	assert_part(found("/dev/nvme0n1"), "no such block device");
	tmproot_dir("/sys/block/nvme0n1/dev");
	assert_part(found("/dev/nvme0n1"), "read /sys/block/nvme0n1/dev: Is a directory");
}

static void test_array(void **state)
{
	(void)state;
	drive_set("md127", "dev", "9:127");
	tmproot_write("/sys/block/md127/slaves/nvme1n1/x", "");
	tmproot_write("/sys/block/md127/slaves/nvme0n1/x", "");
	assert_string_equal(found("/dev/md127"), "md127 9:127 nvme0n1 nvme1n1");
	/* dm on md */
	drive_set("dm-0", "dev", "253:0");
	tmproot_write("/sys/block/dm-0/slaves/md127/x", "");
	assert_string_equal(found("/dev/dm-0"), "dm-0 253:0 nvme0n1 nvme1n1");
	/* a captured tree may contain anything */
	drive_set("md1", "dev", "9:1");
	tmproot_write("/sys/block/md1/slaves/md1/x", "");
	assert_string_equal(found("/dev/md1"), "md1 9:1 md1");
	/* unreadable members are not the same as none */
	drive_set("md2", "dev", "9:2");
	drive_set("md2", "slaves", "a file");
	assert_part(found("/dev/md2"), "/sys/block/md2/slaves: Not a directory");
}

static const char *paths_of(const char *drive)
{
	_cleanup_(names_freep) char **paths = NULL;
	_buf_ struct buf text = {0};
	struct err e = {0};

	assert_int_equal(block_device_paths(&tmproot.host, drive, &paths, &e), 0);
	for (char **path = paths; *path; path++)
		buf_addf(&text, "%s ", *path);
	return keep_text(mem_dup(text.text ? text.text : ""));
}

static void test_paths(void **state)
{
	static const char *const names[] = {"nvme1n1",    "nvme2n1",    "nvme2n12",
	                                    "nvme2c0n1",  "nvme2c10n1", "nvme2c0n12",
	                                    "nvme12c0n1", "nvme2c0n1p1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		drive_set(names[i], "dev", "259:1");
	assert_string_equal(paths_of("nvme2n1"), "nvme2c0n1 nvme2c10n1 ");
	assert_string_equal(paths_of("nvme1n1"), "");
	assert_string_equal(paths_of("nvme2n"), "");
	assert_string_equal(paths_of("md127"), "");
}

/* sysfs has a link for each device; files are written at its target. */
static void test_sysfs(void **state)
{
	(void)state;
	tmproot_write("/sys/devices/pci0/nvme0n1/queue/x", "");
	tmproot_link("/sys/block/nvme0n1", "../devices/pci0/nvme0n1");
	assert_string_equal(keep_text(block_device_sysfs(&tmproot.host, "nvme0n1")),
	                    "/sys/devices/pci0/nvme0n1");
	drive_set("nvme1n1", "dev", "1:1");
	assert_string_equal(keep_text(block_device_sysfs(&tmproot.host, "nvme1n1")),
	                    "/sys/block/nvme1n1");
	assert_string_equal(keep_text(block_device_sysfs(&tmproot.host, "none")),
	                    "/sys/block/none");
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_test(&s, "drive", test_drive);
	suite_test(&s, "array", test_array);
	suite_test(&s, "paths of a drive", test_paths);
	suite_test(&s, "place in sysfs", test_sysfs);
	return suite_run(&s);
}
