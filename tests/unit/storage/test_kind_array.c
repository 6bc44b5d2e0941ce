/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* An array of drives: what the drives form, and when hosttune creates, assembles or
 * refuses it. */
#include "base/mem.h"
#include "doc/node.h"
#include "drives.h"
#include "host/host.h"
#include "resource.h"
#include "resource/kinds.h"
#include "storage/block/blank.h"
#include "storage/block/disk.h"
#include "storage/block/md.h"
#include "storage/block/probe.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

/* --- the profile ----------------------------------------------------------------------
 */

static const struct parse_row {
	const char *name; /* the item */
	const char *want, *diag;
} parse_rows[] = {
	{"data: {array: raid0}", "raid0 data", ""},
	{"data: {array: raid0, label: ephemeral, disks: {count: 4}}", "raid0 ephemeral",
         ""},
	{"data: {array: raid0, label: '-x'}", NULL,
         "array \"-x\": its name (the label) must consist of letters"},
	{"data: {array: raid0, label: 'a:b'}", NULL,
         "array \"a:b\": its name (the label) must consist of letters"},
	{"data: {array: raid1}", NULL,
         "array \"raid1\": not supported: hosttune makes only raid0 arrays"},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *n = yaml(row->name)->items[0];
	struct resource *r = mem_new(1, kind_array.size);
	bool managed;

	r->kind = &kind_array;
	r->name = mem_dup(n->key);
	managed = kind_array.parse(r, n, diag);
	if (row->want) {
		assert_string_equal(diagnostics_text(diag), "");
		assert_true(managed);
		assert_string_equal(r->spec.want, row->want);
	} else {
		assert_int_equal(diag->n, 1);
		assert_part(diagnostics_text(diag), row->diag);
	}
	resource_free(r);
}

static void test_not_asked_for(void **state)
{
	static const char *const items[] = {"data: {}", "data: {array: none}"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(items); i++) {
		struct resource *r = mem_new(1, kind_array.size);

		r->kind = &kind_array;
		assert_false(
			kind_array.parse(r, yaml(items[i])->items[0], new_diagnostics()));
		resource_free(r);
	}
}

/* --- the superblock -------------------------------------------------------------------
 */

static const struct disk disk = {.name = (char[]){"nvme0n1"},
                                 .device = (char[]){"/dev/nvme0n1"},
                                 .size_bytes = (uint64_t)DRIVE_MIB * MIB,
                                 .major = 259};

static void test_superblock(void **state)
{
	static const long places[] = {0, 8192, MIB};
	struct md md;
	struct err e;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	assert_int_equal(md_read(&tmproot.host, &disk, &md, &e), 0);
	drive_make_member("nvme0n1",
	                  (struct drive_member){"any:data", 0xab, 0, 3, 2, MEMBER_DATA});
	assert_int_equal(md_read(&tmproot.host, &disk, &md, &e), 1);
	assert_string_equal(md.name, "data");
	assert_string_equal(md.uuid, "abababab:abababab:abababab:abababab");
	assert_int_equal(md.level, 0);
	assert_int_equal(md.n_disks, 3);
	assert_int_equal(md.role, 2);
	assert_int_equal(md_is_blank(&tmproot.host, &disk, &e), 1);
	/* before the superblock, between it and the data, and where the data begins */
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		drive_write("nvme0n1", places[i], "x", 1);
		assert_int_equal(md_is_blank(&tmproot.host, &disk, &e), 0);
		drive_write("nvme0n1", places[i], "", 1);
	}
	md_done(&md);
	/* one changed bit makes the checksum wrong */
	drive_write("nvme0n1", 4096 + 100, "\x01", 1);
	assert_int_equal(md_read(&tmproot.host, &disk, &md, &e), 0);
}

/* A range without bytes is not blank, but an error. */
static void test_no_range(void **state)
{
	struct err e;
	int fd;

	(void)state;
	drive_add("nvme0n1", "m", "A", 0);
	fd = blk_open(&tmproot.host, &disk, 0, &e);
	assert_int_equal(disk_blank_check(fd, MIB, MIB, &e), -ERANGE);
	assert_int_equal(disk_blank_check(fd, 2 * MIB, MIB, &e), -ERANGE);
	(void)close(fd);
}

static void test_uuid(void **state)
{
	const char *a = keep_text(md_new_uuid()), *b = keep_text(md_new_uuid());

	(void)state;
	assert_int_equal(strlen(a), 35);
	assert_int_equal(strspn(a, "0123456789abcdef:"), 35);
	assert_string_not_equal(a, b);
}

/* --- what the drives form -------------------------------------------------------------
 */

#define SECTORS ((uint64_t)DRIVE_MIB * MIB / 512)

/*
 * 'b'lank, 'd'ata, 'o'ur XFS, 'e'BS. Members of our array of two drives: '0' and '1'
 * without data, 'A' and 'B' with data. Second members of other arrays: 'u' has our name
 * but another uuid, 'f' another homehost, 'm' is a mirror. '0', but its data would begin
 * behind the end of the drive ('X', 'W'), or there is data before it ('Y'). 'Z': size 0.
 */
static void make_drive(unsigned i, char what)
{
	const char *name = keep_text(mem_format("nvme%un1", i));

	drive_add(name, what == 'e' ? "Amazon Elastic Block Store" : INSTANCE_STORE,
	          keep_text(mem_format("AWS%u", i)), i);
	/* the data area of a member, behind its superblock */
	if (what == 'A')
		drive_write(name, MIB, "XFSB", 4);
	if (what == 'B')
		drive_write(name, MIB + 4096, "x", 1);
	switch (what) {
	case 'd': drive_write(name, 0, "data", 4); break;
	case 'o': drive_format(name, "eph"); break;
	/* its model cannot be read; it ends before its size */
	case 'U':
		tmproot_remove(keep_text(mem_format("/sys/block/%s/device/model", name)));
		tmproot_dir(keep_text(mem_format("/sys/block/%s/device/model", name)));
		break;
	case 'T':
		assert_return_code(
			truncate(keep_text(mem_format("%s/dev/%s", tmproot.path, name)),
		                 6144),
			errno);
		break;
	case 'A':
	case '0':
		drive_make_member(
			name, (struct drive_member){"any:eph", 1, 0, 2, 0, MEMBER_DATA});
		break;
	case 'Z': drive_set(name, "size", "0"); break;
	case 'X':
		drive_make_member(
			name, (struct drive_member){"any:eph", 1, 0, 2, 0, SECTORS + 8});
		break;
	case 'W':
		drive_make_member(
			name, (struct drive_member){"any:eph", 1, 0, 2, 0, UINT64_MAX});
		break;
	case 'Y':
		drive_make_member(
			name, (struct drive_member){"any:eph", 1, 0, 2, 0, SECTORS - 8});
		drive_write(name, MIB, "precious", 8);
		break;
	case 'B':
	case '1':
		drive_make_member(name,
		                  (struct drive_member){"eph", 1, 0, 2, 1, MEMBER_DATA});
		break;
	case 'u':
		drive_make_member(name,
		                  (struct drive_member){"eph", 2, 0, 2, 1, MEMBER_DATA});
		break;
	case 'f':
		drive_make_member(
			name, (struct drive_member){"x:eph", 1, 0, 2, 1, MEMBER_DATA});
		break;
	case 'm':
		drive_make_member(name,
		                  (struct drive_member){"eph", 1, 1, 2, 1, MEMBER_DATA});
		break;
	default: break;
	}
}

#define UUID "01010101:01010101:01010101:01010101"

static const struct row {
	const char *name;
	const char *drives, *more;   /* more keys of the item */
	const char *running, *state; /* members of md127, and its state */
	const char *reported, *device;
} rows[] = {
	{"no drives", "", "", NULL, NULL,
         "skipped NoDisks now=NULL: no matching drive: model \"", NULL},
	{"none, but required", "e", "required: true", NULL, NULL,
         "failed NoDisks now=NULL: no matching drive: model \"", NULL},
	{"one blank", "b", "", NULL, NULL, "ok  now=nvme0n1 AWS0, single drive",
         "/dev/nvme0n1"},
	{"one that is ours", "o", "", NULL, NULL, "ok  now=nvme0n1 AWS0, single drive",
         "/dev/nvme0n1"},
	/* also refused if it is the only drive */
	{"one with data", "d", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds data", NULL},
	{"two blank", "bb", "", NULL, NULL,
         "drift NotAssembled now=NULL: nvme0n1 AWS0, nvme1n1 AWS1 would become one array",
         NULL},
	{"two blank, and EBS", "beb", "", NULL, NULL,
         "drift NotAssembled now=NULL: nvme0n1 AWS0, nvme2n1 AWS2 would become one array",
         NULL},
	{"EBS by its serial", "be", "disks: {serial: [AWS0, AWS1]}", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: is an EBS volume", NULL},
	{"count fits", "bb", "disks: {count: 2}", NULL, NULL, "drift NotAssembled", NULL},
	{"count does not fit", "bbb", "disks: {count: 2}", NULL, NULL,
         "failed DiskCount now=NULL: 3 drives match, but count is 2", NULL},
	{"count exceeds the drives", "b", "disks: {count: 2}", NULL, NULL,
         "failed DiskCount now=nvme0n1 AWS0, single drive: 1 drives match, but count is 2",
         NULL},
	{"blank and data", "bd", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: holds data of an unknown "
         "kind (DiskGarbage)",
         NULL},
	{"blank, and one without capacity", "bZ", "disks: {min-size: 1MiB}", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: has no capacity (DiskNoCapacity)",
         NULL},
	{"blank, and our file system outside an array", "bo", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: xfs label eph", NULL},
	{"ours, stopped", "AB", "", NULL, NULL,
         "drift NotAssembled now=raid0 eph of nvme0n1 AWS0, nvme1n1 AWS1 uuid " UUID
         ", not assembled: all drives are present, but the array is not assembled",
         NULL},
	{"ours, running", "AB", "", "nvme0n1 nvme1n1", "clean",
         "ok  now=raid0 eph of nvme0n1 AWS0, nvme1n1 AWS1 uuid " UUID, "/dev/md127"},
	{"ours, in another order", "BA", "", "nvme0n1 nvme1n1", "clean", "ok ",
         "/dev/md127"},
	{"ours, half assembled", "AB", "", "nvme0n1", "inactive",
         "drift NotAssembled now=raid0 eph", NULL},
	{"ours, half assembled, beside a drive with a longer name", "AB", "",
         "nvme0n10 nvme0n1", "inactive", "drift NotAssembled now=raid0 eph", NULL},
	{"blank, and one whose model cannot be read", "bU", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: cannot be examined: read "
         "/sys/block/nvme1n1/device/model: Is a directory (DiskUnreadable)",
         NULL},
	{"a member, and one whose model cannot be read", "0U", "", NULL, NULL,
         "refused DiskRefused now=array eph", NULL},
	{"blank, and one that ends before its superblock", "bT", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: cannot be read: /dev/nvme1n1: read "
         "at byte 6144: Input/output error (DiskUnreadable)",
         NULL},
	{"ours, held by something else", "AB", "", "nvme0n1 nvme5n1", "clean",
         "refused DiskRefused now=raid0 eph of nvme0n1 AWS0, nvme1n1 AWS1 uuid " UUID
         ", not assembled: nvme0n1 AWS0: ",
         NULL},
	{"a member replaced", "Ab", "", NULL, NULL,
         "refused DiskRefused now=array eph (uuid " UUID
         ") has 2 drives, and 1 of them are present: nvme0n1 AWS0 (number 0); not members: "
         "nvme1n1 AWS1: blank",
         NULL},
	{"the first member replaced", "b1", "", NULL, NULL,
         "refused DiskRefused now=array eph", NULL},
	{"a member missing", "A", "", NULL, NULL,
         "refused DiskRefused now=array eph (uuid " UUID ") has 2 drives, and 1 of them",
         NULL},
	{"an extra drive", "ABb", "", NULL, NULL,
         "refused DiskRefused now=array eph (uuid " UUID ") has 2 drives, and 2 of them",
         NULL},
	{"the same member twice", "AA", "", NULL, NULL,
         "refused DiskRefused now=array eph", NULL},
	{"members of two arrays", "0u", "", NULL, NULL,
         "refused DiskRefused now=NULL: drives of two arrays named eph", NULL},
	{"member of another host", "bf", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: holds linux_raid_member", NULL},
	{"member of a mirror", "bm", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme1n1 AWS1: holds linux_raid_member", NULL},
	{"interrupted", "0b", "", NULL, NULL,
         "drift NotAssembled now=array eph (uuid " UUID
         ") has 2 drives, and 1 of them are present: nvme0n1 AWS0 (number 0); not members: "
         "nvme1n1 AWS1: blank: nvme0n1 AWS0, nvme1n1 AWS1 would become one array; an "
         "earlier run was interrupted while creating it",
         NULL},
	{"interrupted, partly assembled by udev", "0b", "", "nvme0n1", "inactive",
         "drift NotAssembled now=array eph", NULL},
	{"interrupted, and the data would begin behind the end", "Xb", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds linux_raid_member", NULL},
	{"interrupted, and the data would begin nowhere", "Wb", "", NULL, NULL,
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds linux_raid_member", NULL},
	{"interrupted, and data before the array's", "Yb", "", NULL, NULL,
         "refused DiskRefused now=array eph", NULL},
	{"interrupted, and running", "0b", "", "nvme0n1", "clean",
         "refused DiskRefused now=array eph", NULL},
	{"interrupted, and data on the other drive", "0d", "", NULL, NULL,
         "refused DiskRefused now=array eph", NULL},
	{"interrupted, with fewer drives", "0bb", "", NULL, NULL,
         "refused DiskRefused now=array eph", NULL},
};

static struct resource *new_item(const char *more)
{
	return resource_new(&kind_array,
	                    keep_text(mem_format("data: {label: eph, array: raid0%s%s}",
	                                         *more ? ", " : "", more)),
	                    NULL);
}

static void test_members(void **state)
{
	const struct row *row = *state;
	struct resource *r = new_item(row->more);
	const char *before;

	for (unsigned i = 0; row->drives[i]; i++)
		make_drive(i, row->drives[i]);
	if (row->running)
		drive_array("md127", row->running, row->state, 127);
	before = tmproot_contents();
	assert_part(resource_reported(r), row->reported);
	assert_text(r->seen.device, row->device);
	/* observing again gives the same result */
	assert_part(resource_reported(r), row->reported);
	assert_string_equal(tmproot_contents(), before);
}

static const char *reason_of(const struct resource *r, const char *device)
{
	node_for_each (one, r->seen.disks)
		if (strcmp(node_get(one, "device")->text, device) == 0)
			return node_get(one, "reason")->text;
	return "";
}

/* Each unused drive is reported with its reason; members of our array are not. */
static void test_refused(void **state)
{
	struct resource *r = new_item("");

	(void)state;
	make_drive(0, 'A');
	make_drive(1, 'B');
	make_drive(2, 'e');
	drive_array("md127", "nvme0n1 nvme1n1", "clean", 127);
	resource_observe(r);
	assert_string_equal(reason_of(r, "/dev/nvme0n1"), "");
	assert_string_equal(reason_of(r, "/dev/nvme2n1"), "DiskEbs");
	assert_string_equal(r->seen.claims, "/dev/nvme0n1 /dev/nvme1n1");
	make_drive(1, 'b');
	tmproot_remove("/dev/nvme1n1");
	make_drive(1, 'b');
	tmproot_remove("/sys/block/md127/slaves/nvme1n1");
	resource_observe(r);
	assert_string_equal(reason_of(r, "/dev/nvme0n1"), "DiskIncomplete");
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_test(&s, "no array in the profile", test_not_asked_for);
	suite_test(&s, "the superblock", test_superblock);
	suite_test(&s, "no range to check", test_no_range);
	suite_test(&s, "a new uuid", test_uuid);
	suite_rows(&s, rows, test_members);
	suite_test(&s, "refused drives", test_refused);
	return suite_run(&s);
}
