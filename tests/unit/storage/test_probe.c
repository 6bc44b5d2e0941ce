/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a disk holds, and its device node. */
#include "base/mem.h"
#include "drives.h"
#include "scanned.h"
#include "storage/block/blank.h"
#include "storage/block/wipe.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

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
		assert_int_equal(scanned_probe()->reason, DISK_GARBAGE);
		tmproot_remove("/dev/nvme0n1");
	}
}

static void test_content(void **state)
{
	const struct content_row *row = *state;
	const struct blk *b;

	drive_add("nvme0n1", "m", "A", 0);
	drive_write("nvme0n1", row->place, row->data, row->n);
	b = scanned_probe();
	assert_int_equal(b->content, row->content);
	assert_false(b->busy);
	if (row->text)
		assert_part(b->text, row->text);
}

/* Without samples, it is all the same what has no signature. */
static void test_identify(void **state)
{
	const struct content_row *row = *state;
	const struct blk *probed;
	_blk_ struct blk b = {0};
	struct err e;

	drive_add("nvme0n1", "m", "A", 0);
	drive_write("nvme0n1", row->place, row->data, row->n);
	probed = scanned_probe();
	assert_int_equal(blk_identify(&tmproot.host, &scanned.list[0], &b, &e), 0);
	assert_int_equal(b.content, BLK_OTHER);
	assert_string_equal(b.text,
	                    probed->content == BLK_BLANK || probed->reason == DISK_GARBAGE
	                            ? "no signature"
	                            : probed->text);
}

static void test_filesystem(void **state)
{
	const struct blk *b;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "ephemeral");
	b = scanned_probe();
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
	b = scanned_probe();
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
	b = scanned_probe();
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
	assert_string_equal(scanned_probe()->text, "signatures of more than one kind");
	drive_write("nvme0n1", 0x10000 + 0x40, "_BHRfS_M", 8);
	drive_write("nvme0n1", mbr->place, mbr->data, mbr->n);
	assert_int_not_equal(scanned_probe()->content, BLK_BLANK);
	assert_int_not_equal(scanned_probe()->content, BLK_FILESYSTEM);
}

/* Text from a drive must not control a terminal. */
static void test_escape(void **state)
{
	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	drive_format("nvme0n1", "\x1b[2Jbad\x7f");
	assert_string_equal(scanned_probe()->label, "?[2Jbad?");
}

static void test_node(void **state)
{
	struct blk b = {0};
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_remove("/dev/nvme0n1");
	assert_int_equal(blk_probe(&tmproot.host, scanned_only(), &b, &e), -ENOENT);
	tmproot_dir("/dev/nvme0n1");
	assert_int_equal(blk_probe(&tmproot.host, scanned_only(), &b, &e), -ENXIO);
	assert_part(e.text, "/dev/nvme0n1: is not a block device");
	/* a regular file can replace a drive only in a captured tree */
	drive_add("nvme1n1", "m", "0", 1);
	tmproot.host.live = true;
	disks_done(&scanned);
	assert_int_equal(disks_read(&tmproot.host, &scanned, &e), 0);
	assert_int_equal(blk_probe(&tmproot.host, &scanned.list[0], &b, &e), -ENXIO);
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
	assert_int_equal(blk_probe(&tmproot.host, scanned_only(), &b, &e), -EXDEV);
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
	if (mknod(path, S_IFBLK | 0600,
	          makedev(scanned_only()->major, scanned_only()->minor)) < 0)
		skip();
	assert_int_equal(blk_probe(&tmproot.host, scanned_only(), &b, &e), -ENOTSUP);
	assert_part(e.text, "/dev/nvme0n1: not opened: the root ");
	assert_int_equal(disk_wipe_start(&tmproot.host, scanned_only(), MIB, &e),
	                 -ENOTSUP);
}

static void test_empty_node(void **state)
{
	struct blk b = {0};
	struct err e = {0};

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	tmproot_write("/dev/nvme0n1", "");
	assert_true(blk_probe(&tmproot.host, scanned_only(), &b, &e) < 0);
	blk_done(&b);
}

static void test_lock(void **state)
{
	const struct disk *d;
	struct err e = {0};
	int fd;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	d = scanned_only();
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
	assert_false(scanned_probe()->locked);
	fd = blk_lock(&tmproot.host, scanned_only(), &e);
	assert_true(scanned_probe()->locked);
	(void)close(fd);
	assert_false(scanned_probe()->locked);
}

int main(void)
{
	static struct suite s;

	suite_fixture(scanned_setup, scanned_teardown);
	suite_rows(&s, content_rows, test_content);
	suite_rows(&s, content_rows, test_identify);
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
	return suite_run(&s);
}
