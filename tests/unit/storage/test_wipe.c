/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Wiping a disk. */
#include "drives.h"
#include "scanned.h"
#include "storage/block/wipe.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static void test_wipe(void **state)
{
	const struct disk *d;
	struct err e;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "other");
	drive_write("nvme0n1", -512, "EFI PART", 8);
	drive_write("nvme0n1", 100L * MIB, "in the middle", 13);
	d = scanned_only();
	assert_int_equal(disk_wipe(&tmproot.host, d, &e), 0);
	/*
	 * a regular file has no discard: the data between the ends stays, and the samples
	 * may find it
	 */
	assert_int_not_equal(scanned_probe()->content, BLK_FILESYSTEM);
	drive_make_member("nvme0n1", (struct drive_member){"x", 1, 0, 2, 0, MEMBER_DATA});
	assert_int_equal(scanned_probe()->reason, DISK_MEMBER);
	assert_int_equal(disk_wipe_start(&tmproot.host, scanned_only(), MIB, &e), 0);
	assert_int_not_equal(scanned_probe()->reason, DISK_MEMBER);
	tmproot.host.live = true;
	assert_int_equal(disk_wipe(&tmproot.host, &scanned.list[0], &e), -ENXIO);
}

int main(void)
{
	static struct suite s;

	suite_fixture(scanned_setup, scanned_teardown);
	suite_test(&s, "wiping", test_wipe);
	return suite_run(&s);
}
