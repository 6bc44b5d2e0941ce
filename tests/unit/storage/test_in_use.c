/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What uses a disk: partitions, holders, mounts, swap. */
#include "drives.h"
#include "scanned.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static void test_no_root(void **state)
{
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_write("/proc/1/mountinfo",
	              "20 1 259:1 / /mnt/x rw - xfs /dev/nvme1n1 rw\n");
	assert_int_equal(disks_read(&tmproot.host, &scanned, &e), -EBADMSG);
	assert_part(e.text, "lists no root file system");
	/* a line that cannot be parsed may be the mount of this drive */
	drives_mounts("20 1 259:0 / /mnt/x\n", "");
	assert_true(disks_read(&tmproot.host, &scanned, &e) < 0);
	assert_part(e.text, "read /proc/1/mountinfo");
}

static const struct use_row {
	const char *name;
	const char *path, *text; /* a file that makes the difference */
	const char *host, *own;  /* mounts */
	const char *use;
	enum disk_reason reason;
} use_rows[] = {
	{"partition", "/sys/block/nvme0n1/nvme0n1p1/partition", "1\n", "", "",
         "has partitions (nvme0n1p1)", DISK_PARTITIONED},
	{"queue is not a partition", "/sys/block/nvme0n1/queue/scheduler", "none\n", "",
         "", NULL, DISK_NONE},
	{"root, on a partition", "/sys/block/nvme0n1/nvme0n1p1/dev", "8:1\n", "", "",
         "holds the root file system", DISK_ROOT},
	{"partition of Bottlerocket", "/sys/block/nvme0n1/nvme0n1p1/uevent",
         "DEVTYPE=partition\nPARTN=1\nPARTNAME=BOTTLEROCKET-DATA\n", "", "",
         "has Bottlerocket's own partitions (nvme0n1p1)", DISK_SYSTEM},
	{"partition that is mounted", "/sys/block/nvme0n1/nvme0n1p1/dev", "259:9\n",
         "20 1 259:9 / /mnt/x rw - xfs /dev/x rw\n", "",
         "has partitions (nvme0n1p1), mounted at /mnt/x", DISK_PARTITIONED},
	{"holder that is mounted", "/sys/block/md0/dev", "9:0\n",
         "20 1 9:0 / /mnt/x rw - xfs /dev/md0 rw\n", "",
         "is part of md0, mounted at /mnt/x", DISK_HELD},
	{"root, on dm-verity on a partition", "/sys/block/dm-0/dev", "8:1\n", "", "",
         "holds the root file system", DISK_ROOT},
	{"no capacity", "/sys/block/nvme0n1/size", "0\n", "", "", "has no capacity",
         DISK_NO_CAPACITY},
	{"holder", "/sys/block/nvme0n1/holders/md127", "", "", "", "is part of md127",
         DISK_HELD},
	{"read-only", "/sys/block/nvme0n1/ro", "1\n", "", "", "is read-only",
         DISK_READ_ONLY},
	{"swap", "/proc/swaps", "Filename\n/dev/nvme0n1   partition 1 0 -2\n", "", "",
         "is swap space", DISK_SWAP},
	{"swap of another", "/proc/swaps", "Filename\n/dev/nvme0n1p1 partition 1 0 -2\n",
         "", "", NULL, DISK_NONE},
	{"mounted on the host", NULL, NULL,
         "20 1 259:0 / /mnt/x rw - xfs /dev/nvme0n1 rw\n", "", "is mounted at /mnt/x",
         DISK_MOUNTED},
	{"mounted here", NULL, NULL, "", "120 101 259:0 / /y rw - xfs /dev/nvme0n1 rw\n",
         "is mounted at /y", DISK_MOUNTED},
	{"our own root, in a chroot", NULL, NULL, "",
         "120 101 259:0 / / rw - xfs /dev/nvme0n1 rw\n", "holds the root file system",
         DISK_ROOT},
	{"another drive is mounted", NULL, NULL,
         "20 1 259:1 / /mnt/x rw - xfs /dev/b rw\n", "", NULL, DISK_NONE},
};

static void test_use(void **state)
{
	const struct use_row *row = *state;
	const struct disk *d;

	drive_add("nvme0n1", "m", "A", 0);
	drives_mounts(row->host, row->own);
	if (row->path)
		tmproot_write(row->path, row->text);
	if (row->path && strstr(row->path, "p1/"))
		drive_set("nvme0n1", "nvme0n1p1/partition", "1");
	if (row->path && strstr(row->path, "/md0/"))
		drive_set("nvme0n1", "holders/md0", "");
	if (row->path && strstr(row->path, "/dm-0/")) {
		drive_set("nvme0n1", "nvme0n1p2/partition", "2");
		drive_set("nvme0n1", "nvme0n1p2/holders/dm-1", "");
		drive_set("dm-1", "holders/dm-0", "");
	}
	d = scanned_only();
	assert_text(d->in_use, row->use);
	assert_int_equal(d->use, row->reason);
}

static void test_no_mount_table(void **state)
{
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_remove("/proc/1/mountinfo");
	assert_int_equal(disks_read(&tmproot.host, &scanned, &e), -ENOENT);
	drives_mounts("", "");
	tmproot_remove("/proc/self/mountinfo");
	assert_int_equal(disks_read(&tmproot.host, &scanned, &e), -ENOENT);
}

/* Holders that hold each other: no drive has them, but a broken tree might. */
static void test_circle(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_set("nvme0n1", "holders/dm-0", "");
	drive_set("dm-0", "holders/dm-0", "");
	assert_int_equal(scanned_only()->use, DISK_UNREADABLE);
}

int main(void)
{
	static struct suite s;

	suite_fixture(scanned_setup, scanned_teardown);
	suite_test(&s, "a mount table without a root", test_no_root);
	suite_rows(&s, use_rows, test_use);
	suite_test(&s, "no mount table", test_no_mount_table);
	suite_test(&s, "holders in a circle", test_circle);
	return suite_run(&s);
}
