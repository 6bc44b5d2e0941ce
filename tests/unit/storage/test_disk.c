/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Disks as sysfs lists them, and their content. */
#include "base/mem.h"
#include "drives.h"
#include "storage/block/blank.h"
#include "storage/block/probe.h"
#include "storage/block/scan.h"
#include "storage/block/wipe.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static struct disks disks;

static int setup(void **state)
{
	disks = (struct disks){0};
	return drives_setup(state);
}

static int teardown(void **state)
{
	disks_done(&disks);
	return tmproot_teardown(state);
}

static void look(void)
{
	struct err e = {0};

	disks_done(&disks);
	assert_int_equal(disks_read(&tmproot.host, &disks, &e), 0);
}

static const struct disk *only(void)
{
	look();
	assert_int_equal(disks.n, 1);
	return &disks.list[0];
}

/* --- listing ----------------------------------------------------------------------- */

static void test_none(void **state)
{
	(void)state;
	look();
	assert_int_equal(disks.n, 0);
}

static void test_one(void **state)
{
	const struct disk *d;

	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 7);
	d = only();
	assert_string_equal(d->name, "nvme1n1");
	assert_string_equal(d->device, "/dev/nvme1n1");
	assert_string_equal(d->model, INSTANCE_STORE);
	assert_string_equal(d->serial, "AWS1");
	assert_int_equal(d->size_bytes, (uint64_t)DRIVE_MIB * MIB);
	assert_int_equal(d->major, 259);
	assert_int_equal(d->minor, 7);
	assert_text(d->in_use, NULL);
	assert_int_equal(d->use, DISK_NONE);
	assert_ptr_equal(disks_find(&disks, "/dev/nvme1n1"), d);
	assert_null(disks_find(&disks, "/dev/nvme1"));
}

static void test_order(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "C", 0);
	drive_add("nvme1n1", "m", "A", 1);
	drive_add("nvme2n1", "m", "B", 2);
	drive_add("nvme2n2", "m", "B", 3);
	look();
	assert_int_equal(disks.n, 4);
	assert_string_equal(disks.list[0].name, "nvme1n1");
	assert_string_equal(disks.list[1].name, "nvme2n1");
	assert_string_equal(disks.list[2].name, "nvme2n2");
	assert_string_equal(disks.list[3].name, "nvme0n1");
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
	assert_string_equal(only()->name, "nvme2n1");
}

static void test_slash(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_set("cciss!c0d0", "device/model", "m");
	drive_set("cciss!c0d0", "dev", "104:0");
	drive_set("cciss!c0d0", "size", "8");
	look();
	assert_int_equal(disks.n, 2);
	assert_string_equal(disks.list[0].device, "/dev/cciss/c0d0");
	assert_string_equal(disks.list[0].serial, "");
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
	assert_int_equal(only()->use, DISK_UNREADABLE);
	assert_part(only()->in_use, "cannot be examined: its ");
}

/* --- what cannot be read ----------------------------------------------------------- */

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
	assert_int_equal(only()->use, DISK_UNREADABLE);
	assert_part(only()->in_use, "cannot be examined: ");
	assert_part(only()->in_use, path);
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
	look();
	d = disks_find(&disks, "/dev/md127");
	assert_true(d->active);
	assert_int_equal(d->use, DISK_UNREADABLE);
	drive_set("md126", "md/array_state", "inactive");
	drive_set("md126", "dev", "9:126");
	drive_set("md126", "size", "8");
	tmproot_write("/sys/block/md126/slaves", "");
	look();
	assert_int_equal(disks_find(&disks, "/dev/md126")->use, DISK_UNREADABLE);
}

static void test_no_root(void **state)
{
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_write("/proc/1/mountinfo",
	              "20 1 259:1 / /mnt/x rw - xfs /dev/nvme1n1 rw\n");
	assert_int_equal(disks_read(&tmproot.host, &disks, &e), -EBADMSG);
	assert_part(e.text, "lists no root file system");
	/* a line that cannot be parsed may be the mount of this drive */
	drives_mounts("20 1 259:0 / /mnt/x\n", "");
	assert_true(disks_read(&tmproot.host, &disks, &e) < 0);
	assert_part(e.text, "read /proc/1/mountinfo");
}

/* --- in use ------------------------------------------------------------------------ */

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
	d = only();
	assert_text(d->in_use, row->use);
	assert_int_equal(d->use, row->reason);
}

static void test_no_mount_table(void **state)
{
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_remove("/proc/1/mountinfo");
	assert_int_equal(disks_read(&tmproot.host, &disks, &e), -ENOENT);
	drives_mounts("", "");
	tmproot_remove("/proc/self/mountinfo");
	assert_int_equal(disks_read(&tmproot.host, &disks, &e), -ENOENT);
}

/* --- content ----------------------------------------------------------------------- */

/* An entry of type Linux in a master boot record. */
#define MBR_ENTRY "\0\0\0\0\x83\0\0\0\0\x08\0\0\0\0\x08\0"

static const struct content_row {
	const char *name;
	long place;
	const char *data;
	size_t n;
	enum blk_content content;
	const char *text;
} content_rows[] = {
	{"blank", 0, "", 0, BLK_BLANK, "nothing"},
	{"one bit in the first byte", 0, "\x01", 1, BLK_OTHER, "data of an unknown kind"},
	{"the last byte", -1, "x", 1, BLK_OTHER, "data of an unknown kind"},
	{"end of the first MiB", MIB - 1, "x", 1, BLK_OTHER, "data of an unknown kind"},
	{"start of the last MiB", -MIB, "x", 1, BLK_OTHER, "data of an unknown kind"},
	{"swap", 4086, "SWAPSPACE2", 10, BLK_OTHER, NULL},
	{"LUKS", 0, "LUKS\xba\xbe\0\x01", 8, BLK_OTHER, "crypto_LUKS"},
	{"MBR", 446,
         MBR_ENTRY
         "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
         "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x55\xaa",
         66, BLK_OTHER, "dos partition table"},
};

static void probe(const struct disk *d, struct blk *b)
{
	struct err e = {0};

	if (blk_probe(&tmproot.host, d, b, &e) < 0)
		fail_msg("%s", e.text);
}

static void free_blk(void *object)
{
	blk_done(object);
	free(object);
}

static struct blk *probe_only(void)
{
	struct blk *b = keep(mem_new(1, sizeof(*b)), free_blk);

	probe(only(), b);
	return b;
}

/* One random sample in each of 1024 parts: data that fills two parts is found. */
static void test_between(void **state)
{
	size_t part = (DRIVE_MIB - 2UL) * MIB / DISK_BLANK_SAMPLES;
	char *data = keep(mem_new(2 * part, 1), free);

	(void)state;
	memset(data, 'x', 2 * part);
	for (long at = 3; at < DRIVE_MIB - 4; at += 53) {
		drive_add("nvme0n1", "m", "A", 0);
		drive_write("nvme0n1", at * MIB + 12345, data, 2 * part);
		assert_int_equal(probe_only()->reason, DISK_GARBAGE);
		tmproot_remove("/dev/nvme0n1");
	}
}

static void test_content(void **state)
{
	const struct content_row *row = *state;
	const struct blk *b;

	drive_add("nvme0n1", "m", "A", 0);
	drive_write("nvme0n1", row->place, row->data, row->n);
	b = probe_only();
	assert_int_equal(b->content, row->content);
	assert_false(b->busy);
	if (row->text)
		assert_part(b->text, row->text);
}

static void test_filesystem(void **state)
{
	const struct blk *b;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "ephemeral");
	b = probe_only();
	assert_int_equal(b->content, BLK_FILESYSTEM);
	assert_string_equal(b->type, "xfs");
	assert_string_equal(b->label, "ephemeral");
	assert_int_equal(strlen(b->uuid), 36);
	assert_string_equal(b->text, "xfs file system, label \"ephemeral\"");
}

/* What an mkfs.xfs that is killed half-way leaves: signature, label and all. */
static void test_unfinished(void **state)
{
	const struct blk *b;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "ephemeral");
	drive_write("nvme0n1", 126, "\x01", 1);
	b = probe_only();
	assert_int_equal(b->content, BLK_OTHER);
	assert_string_equal(b->text, "an unfinished xfs file system");
}

static void test_truncated(void **state)
{
	const struct blk *b;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "ephemeral");
	assert_return_code(truncate(keep_text(mem_format("%s/dev/nvme0n1", tmproot.path)),
	                            (off_t)(DRIVE_MIB - 1) * MIB),
	                   errno);
	b = probe_only();
	assert_int_equal(b->content, BLK_OTHER);
	assert_int_equal(b->reason, DISK_TRUNCATED);
}

/* A file system behind a partition table does not count as a file system. */
static void test_two_answers(void **state)
{
	const struct content_row *mbr = &content_rows[ARRAY_SIZE(content_rows) - 1];

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "ephemeral");
	drive_write("nvme0n1", 1024, "\xf5\xfc\x01\xa5\x04\0\0\0", 8); /* vxfs */
	assert_string_equal(probe_only()->text, "signatures of more than one kind");
	drive_write("nvme0n1", 0x10000 + 0x40, "_BHRfS_M", 8);
	drive_write("nvme0n1", mbr->place, mbr->data, mbr->n);
	assert_int_not_equal(probe_only()->content, BLK_BLANK);
	assert_int_not_equal(probe_only()->content, BLK_FILESYSTEM);
}

/* Text from a drive must not control a terminal. */
static void test_escape(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "\x1b[2Jbad\x7f");
	assert_string_equal(probe_only()->label, "?[2Jbad?");
}

static void test_node(void **state)
{
	struct blk b = {0};
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_remove("/dev/nvme0n1");
	assert_int_equal(blk_probe(&tmproot.host, only(), &b, &e), -ENOENT);
	tmproot_dir("/dev/nvme0n1");
	assert_int_equal(blk_probe(&tmproot.host, only(), &b, &e), -ENXIO);
	assert_part(e.text, "/dev/nvme0n1: is not a block device");
	/* a regular file can replace a drive only in a captured tree */
	drive_add("nvme1n1", "m", "0", 1);
	tmproot.host.live = true;
	disks_done(&disks);
	assert_int_equal(disks_read(&tmproot.host, &disks, &e), 0);
	assert_int_equal(blk_probe(&tmproot.host, &disks.list[0], &b, &e), -ENXIO);
}

/* A node that leads out of the root is not opened. */
static void test_node_link(void **state)
{
	struct blk b = {0};
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_remove("/dev/nvme0n1");
	tmproot_link("/dev/nvme0n1", "/dev/null");
	assert_int_equal(blk_probe(&tmproot.host, only(), &b, &e), -EXDEV);
}

/* The numbers of a captured device node name any drive of this machine: not opened. */
static void test_node_of_another_machine(void **state)
{
	const char *path;
	struct blk b = {0};
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_remove("/dev/nvme0n1");
	path = keep_text(mem_format("%s/dev/nvme0n1", tmproot.path));
	if (mknod(path, S_IFBLK | 0600, makedev(only()->major, only()->minor)) < 0)
		skip();
	assert_int_equal(blk_probe(&tmproot.host, only(), &b, &e), -ENOTSUP);
	assert_part(e.text, "/dev/nvme0n1: not opened: the root ");
	assert_int_equal(disk_wipe_start(&tmproot.host, only(), MIB, &e), -ENOTSUP);
}

static void test_empty_node(void **state)
{
	struct blk b = {0};
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_write("/dev/nvme0n1", "");
	assert_true(blk_probe(&tmproot.host, only(), &b, &e) < 0);
	blk_done(&b);
}

static void test_lock(void **state)
{
	const struct disk *d;
	struct err e = {0};
	int fd;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	d = only();
	fd = blk_lock(&tmproot.host, d, &e);
	assert_true(fd >= 0);
	/* the second does not wait beyond the deadline */
	tmproot.host.deadline.at_ms = 1;
	assert_int_equal(blk_lock(&tmproot.host, d, &e), -EBUSY);
	assert_part(e.text, "/dev/nvme0n1: is locked by another program");
	(void)close(fd);
	fd = blk_lock(&tmproot.host, d, &e);
	assert_true(fd >= 0);
	(void)close(fd);
}

static void test_locked(void **state)
{
	struct err e = {0};
	int fd;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	assert_false(probe_only()->locked);
	fd = blk_lock(&tmproot.host, only(), &e);
	assert_true(probe_only()->locked);
	(void)close(fd);
	assert_false(probe_only()->locked);
}

/* Holders that hold each other: no drive has them, but a broken tree might. */
static void test_circle(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_set("nvme0n1", "holders/dm-0", "");
	drive_set("dm-0", "holders/dm-0", "");
	assert_int_equal(only()->use, DISK_UNREADABLE);
}

static void test_arrays(void **state)
{
	const struct disk *d;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_add("nvme1n1", "m", "B", 1);
	drive_array("md127", "nvme0n1 nvme1n1", "clean", 127);
	drive_array("md126", "nvme0n1", "inactive", 126);
	look();
	assert_int_equal(disks.n, 4);
	d = disks_find(&disks, "/dev/md127");
	assert_true(d->array && d->active);
	assert_string_equal(d->members, "nvme0n1 nvme1n1");
	assert_string_equal(d->serial, "");
	assert_int_equal(d->major, 9);
	d = disks_find(&disks, "/dev/md126");
	assert_true(d->array && !d->active);
	assert_string_equal(disks_find(&disks, "/dev/nvme0n1")->in_use,
	                    "is part of md126, md127");
}

static void test_wipe(void **state)
{
	const struct disk *d;
	struct err e;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "other");
	drive_write("nvme0n1", -512, "EFI PART", 8);
	drive_write("nvme0n1", 100L * MIB, "in the middle", 13);
	d = only();
	assert_int_equal(disk_wipe(&tmproot.host, d, &e), 0);
	/*
	 * a regular file has no discard: the data between the ends stays, and the samples
	 * may find it
	 */
	assert_int_not_equal(probe_only()->content, BLK_FILESYSTEM);
	drive_make_member("nvme0n1", (struct drive_member){"x", 1, 0, 2, 0});
	assert_int_equal(probe_only()->reason, DISK_MEMBER);
	assert_int_equal(disk_wipe_start(&tmproot.host, only(), MIB, &e), 0);
	assert_int_not_equal(probe_only()->reason, DISK_MEMBER);
	tmproot.host.live = true;
	assert_int_equal(disk_wipe(&tmproot.host, &disks.list[0], &e), -ENXIO);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "no drives", test_none);
	suite_test(&s, "one drive", test_one);
	suite_test(&s, "ordered by serial, then name", test_order);
	suite_test(&s, "no model, or hidden", test_excluded);
	suite_test(&s, "a name with a slash", test_slash);
	suite_rows(&s, broken_rows, test_broken);
	suite_rows(&s, unread_rows, test_unread);
	suite_test(&s, "an array that cannot be read", test_unread_array);
	suite_test(&s, "a mount table without a root", test_no_root);
	suite_rows(&s, use_rows, test_use);
	suite_test(&s, "no mount table", test_no_mount_table);
	suite_rows(&s, content_rows, test_content);
	suite_test(&s, "data between the ends", test_between);
	suite_test(&s, "a file system", test_filesystem);
	suite_test(&s, "a truncated file system", test_truncated);
	suite_test(&s, "an unfinished file system", test_unfinished);
	suite_test(&s, "more than one answer", test_two_answers);
	suite_test(&s, "control characters in a label", test_escape);
	suite_test(&s, "the node", test_node);
	suite_test(&s, "the node is a link", test_node_link);
	suite_test(&s, "a node of another machine", test_node_of_another_machine);
	suite_test(&s, "the node is empty", test_empty_node);
	suite_test(&s, "locking", test_lock);
	suite_test(&s, "locked by another", test_locked);
	suite_test(&s, "holders in a circle", test_circle);
	suite_test(&s, "arrays", test_arrays);
	suite_test(&s, "wiping", test_wipe);
	return suite_run(&s);
}
