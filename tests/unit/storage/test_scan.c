/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Disks as sysfs lists them. */
#include "base/mem.h"
#include "drives.h"
#include "scanned.h"
#include "test.h"
#include "tmproot.h"

static void test_none(void **state)
{
	(void)state;
	scanned_look();
	assert_int_equal(scanned.n, 0);
}

static void test_one(void **state)
{
	const struct disk *d;

	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 7);
	d = scanned_only();
	assert_string_equal(d->name, "nvme1n1");
	assert_string_equal(d->device, "/dev/nvme1n1");
	assert_string_equal(d->model, INSTANCE_STORE);
	assert_string_equal(d->serial, "AWS1");
	assert_int_equal(d->size_bytes, (uint64_t)DRIVE_MIB * MIB);
	assert_int_equal(d->major, 259);
	assert_int_equal(d->minor, 7);
	assert_text(d->in_use, NULL);
	assert_int_equal(d->use, DISK_NONE);
	assert_ptr_equal(disks_find(&scanned, "/dev/nvme1n1"), d);
	assert_null(disks_find(&scanned, "/dev/nvme1"));
}

static void test_order(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "C", 0);
	drive_add("nvme1n1", "m", "A", 1);
	drive_add("nvme2n1", "m", "B", 2);
	drive_add("nvme2n2", "m", "B", 3);
	scanned_look();
	assert_int_equal(scanned.n, 4);
	assert_string_equal(scanned.list[0].name, "nvme1n1");
	assert_string_equal(scanned.list[1].name, "nvme2n1");
	assert_string_equal(scanned.list[2].name, "nvme2n2");
	assert_string_equal(scanned.list[3].name, "nvme0n1");
}

static void test_excluded(void **state)
{
	(void)state;
	drive_add("nvme2n1", "m", "A", 0);
	drive_add("nvme2c2n1", "m", "A", 1);
	drive_add("nvme9n1", "m", "A", 2);
	drive_set("nvme9n1", "hidden", "1");
	drive_set("loop0", "dev", "7:0");
	drive_set("md0", "device/model", "");
	assert_string_equal(scanned_only()->name, "nvme2n1");
}

static void test_slash(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_set("cciss!c0d0", "device/model", "m");
	drive_set("cciss!c0d0", "dev", "104:0");
	drive_set("cciss!c0d0", "size", "8");
	scanned_look();
	assert_int_equal(scanned.n, 2);
	assert_string_equal(scanned.list[0].device, "/dev/cciss/c0d0");
	assert_string_equal(scanned.list[0].serial, "");
}

static const struct broken_row {
	const char *name, *attribute, *text;
} broken_rows[] = {
	{"no number", "dev", ""},
	{"half a number", "dev", "259"},
	{"no size", "size", ""},
	{"size is not a number", "size", "big"},
	{"size is too big", "size", "18446744073709551615"},
};

static void test_broken(void **state)
{
	const struct broken_row *row = *state;

	drive_add("nvme0n1", "m", "A", 0);
	drive_set("nvme0n1", row->attribute, row->text);
	assert_int_equal(scanned_only()->use, DISK_UNREADABLE);
	assert_part(scanned_only()->in_use, "cannot be examined: its ");
}

/* Reading fails: a directory (EISDIR), a file (ENOTDIR), or a link to itself (ELOOP). */
static const struct unread_row {
	const char *name; /* path below the drive's directory, or absolute */
	char becomes;     /* 'd', 'f' or 'l' */
} unread_rows[] = {
	{"device/model", 'd'},
	{"device/serial", 'd'},
	{"wwid", 'd'},
	{"device/wwid", 'd'},
	{"nsid", 'd'},
	{"hidden", 'd'},
	{"dev", 'd'},
	{"size", 'd'},
	{"ro", 'd'},
	{"md", 'l'},
	{"holders", 'f'},
	{"nvme0n1p1/partition", 'l'},
	{"nvme0n1p1/uevent", 'd'},
	{"nvme0n1p1/dev", 'd'},
	{"nvme0n1p1/holders", 'f'},
	{"/sys/block/dm-0/dev", 'd'},
	{"/sys/block/dm-0/holders", 'f'},
	{"/proc/swaps", 'd'},
};

static const char *unread_make(const struct unread_row *row)
{
	const char *path =
		row->name[0] == '/'
			? row->name
			: keep_text(mem_format("/sys/block/nvme0n1/%s", row->name));

	if (strstr(path, "p1/") && !strstr(path, "/partition"))
		drive_set("nvme0n1", "nvme0n1p1/partition", "1");
	if (strstr(path, "/dm-0/"))
		drive_set("nvme0n1", "holders/dm-0", "");
	if (strcmp(tmproot_read(path), "(none)") != 0)
		tmproot_remove(path);
	if (row->becomes == 'd')
		tmproot_dir(path);
	else if (row->becomes == 'f')
		tmproot_write(path, "");
	else
		tmproot_link(path, strrchr(path, '/') + 1);
	return path;
}

static void test_unread(void **state)
{
	const char *path;

	drive_add("nvme0n1", "m", "A", 0);
	path = unread_make(*state);
	assert_int_equal(scanned_only()->use, DISK_UNREADABLE);
	assert_part(scanned_only()->in_use, "cannot be examined: ");
	assert_part(scanned_only()->in_use, path);
}

/* An array whose state or members are unknown is neither idle nor empty. */
static void test_unread_array(void **state)
{
	const struct disk *d;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_array("md127", "nvme0n1", "inactive", 127);
	tmproot_remove("/sys/block/md127/md/array_state");
	tmproot_dir("/sys/block/md127/md/array_state");
	scanned_look();
	d = disks_find(&scanned, "/dev/md127");
	assert_true(d->active);
	assert_int_equal(d->use, DISK_UNREADABLE);
	drive_set("md126", "md/array_state", "inactive");
	drive_set("md126", "dev", "9:126");
	drive_set("md126", "size", "8");
	tmproot_write("/sys/block/md126/slaves", "");
	scanned_look();
	assert_int_equal(disks_find(&scanned, "/dev/md126")->use, DISK_UNREADABLE);
}

static void test_arrays(void **state)
{
	const struct disk *d;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_add("nvme1n1", "m", "B", 1);
	drive_array("md127", "nvme0n1 nvme1n1", "clean", 127);
	drive_array("md126", "nvme0n1", "inactive", 126);
	scanned_look();
	assert_int_equal(scanned.n, 4);
	d = disks_find(&scanned, "/dev/md127");
	assert_true(d->array && d->active);
	assert_string_equal(d->members, "nvme0n1 nvme1n1");
	assert_string_equal(d->serial, "");
	assert_int_equal(d->major, 9);
	d = disks_find(&scanned, "/dev/md126");
	assert_true(d->array && !d->active);
	assert_string_equal(disks_find(&scanned, "/dev/nvme0n1")->in_use,
	                    "is part of md126, md127");
}

int main(void)
{
	static struct suite s;

	suite_fixture(scanned_setup, scanned_teardown);
	suite_test(&s, "no drives", test_none);
	suite_test(&s, "one drive", test_one);
	suite_test(&s, "ordered by serial, then name", test_order);
	suite_test(&s, "no model, or hidden", test_excluded);
	suite_test(&s, "a name with a slash", test_slash);
	suite_rows(&s, broken_rows, test_broken);
	suite_rows(&s, unread_rows, test_unread);
	suite_test(&s, "an array that cannot be read", test_unread_array);
	suite_test(&s, "arrays", test_arrays);
	return suite_run(&s);
}
