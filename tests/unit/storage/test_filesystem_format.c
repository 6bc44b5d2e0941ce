/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A file system on a drive: when it is wiped and formatted. */
#include "base/mem.h"
#include "drives.h"
#include "host/file.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static struct resource *new_item(const char *more)
{
	return resource_new(&kind_filesystem,
	                    keep_text(mem_format("data: {label: ephemeral%s%s}",
	                                         *more ? ", " : "", more)),
	                    NULL);
}

/* --- wiping ---------------------------------------------------------------------------
 */

static const struct wipe_row {
	const char *name;
	char drive;
	const char *item, *allowed; /* permitted by the profile, by the command line */
	const char *reported;
} wipe_rows[] = {
	{"both", 'x', "wipe: {serial: AWS0}", "AWS0",
         "drift NotFormatted now=holds xfs file system, label \"other\": nvme0n1 AWS0 (0 "
         "GB) holds xfs file system, label \"other\": would be wiped and formatted"},
	{"of several", 'd', "wipe: {serial: [AWS9, AWS0]}", "AWS0", "drift NotFormatted"},
	{"unused partitions", 'p', "wipe: {serial: AWS0}", "AWS0", "drift NotFormatted"},
	{"the profile alone", 'x', "wipe: {serial: AWS0}", NULL,
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds xfs file system, label "
         "\"other\"; wiping it also needs --allow-wipe AWS0 (DiskSignature)"},
	{"the command line alone", 'x', "", "AWS0", "refused DiskRefused"},
	{"another on the command line", 'x', "wipe: {serial: AWS0}", "AWS", "refused "},
	{"another in the profile", 'x', "wipe: {serial: AWS00}", "AWS0", "refused "},
	{"held", 'h', "wipe: {serial: AWS0}", "AWS0", "refused "},
	{"read-only", 'r', "wipe: {serial: AWS0}", "AWS0", "refused "},
	{"no node", 'n', "wipe: {serial: AWS0}", "AWS0", "refused "},
	{"sysfs unreadable", 'S', "wipe: {serial: AWS0}", "AWS0", "refused "},
	{"model unreadable", 'M', "wipe: {serial: AWS0}", "AWS0", "refused "},
	{"EBS", 'e', "disks: {model: Amazon Elastic Block Store}, wipe: {serial: AWS0}",
         "AWS0", "refused "},
	{"ours", 'o', "wipe: {serial: AWS0}", "AWS0", "ok  now=xfs label ephemeral"},
	{"blank", 'b', "wipe: {serial: AWS0}", "AWS0", "drift NotFormatted now=blank: "},
};

static void test_wipe(void **state)
{
	const struct wipe_row *row = *state;
	const char *const allowed[] = {row->allowed, NULL};
	struct resource *r = new_item(row->item);

	drive_make(0, row->drive);
	tmproot.host.may_wipe = allowed;
	assert_part(resource_reported(r), row->reported);
	tmproot.host.may_wipe = NULL;
}

/* A serial that two namespaces share permits to wipe neither of them. */
static void test_wipe_namespace(void **state)
{
	static const struct {
		const char *wipe, *allowed, *reported;
	} rows[] = {
		{"AWS", "AWS",
	         "several drives have the serial AWS: permit wiping it by its own name "
	         "AWS-n2"},
		{"AWS-n2", "AWS", "wiping it also needs --allow-wipe AWS-n2"},
		{"AWS-n1", "AWS-n1", "refused DiskRefused"},
		{"AWS-n2", "AWS-n2", "drift NotFormatted"},
		{"eui.2", "AWS-n2", "drift NotFormatted"},
		{"AWS-n2", "eui.2", "drift NotFormatted"},
		{"eui.1", "eui.1", "refused DiskRefused"},
	};

	(void)state;
	drive_make(0, '1');
	drive_make(1, '2');
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *const allowed[] = {rows[i].allowed, NULL};
		struct resource *r = new_item(keep_text(mem_format(
			"disks: {serial: AWS-n2}, wipe: {serial: %s}", rows[i].wipe)));

		tmproot.host.may_wipe = allowed;
		assert_part(resource_reported(r), rows[i].reported);
	}
	tmproot.host.may_wipe = NULL;
}

/* Another drive with the same name and serial, but another wwid, is another drive. */
static void test_other_wwid(void **state)
{
	struct resource *r = new_item("");
	enum reason reason;
	struct err e;

	(void)state;
	drive_make(0, '1');
	assert_part(resource_reported(r), "drift NotFormatted now=blank");
	drive_set("nvme0n1", "wwid", "eui.9");
	assert_int_equal(resource_apply(r, &reason, &e), -ENODEV);
	assert_part(e.text, "/dev/nvme0n1: is a different drive now");
}

/* Content that appeared after planning is not wiped, whatever is permitted. */
static void test_wipe_late(void **state)
{
	const char *const allowed[] = {"AWS0", NULL};
	struct resource *r = new_item("wipe: {serial: AWS0}");
	enum reason reason;
	struct err e;

	(void)state;
	drive_make(0, 'b');
	tmproot.host.may_wipe = allowed;
	assert_part(resource_reported(r), "drift NotFormatted now=blank");
	drive_make(0, 'd');
	assert_true(resource_apply(r, &reason, &e) < 0);
	assert_int_equal(reason, REASON_DISK_REFUSED);
	assert_part(e.text, "nvme0n1 AWS0: holds data");
	tmproot.host.may_wipe = NULL;
}

static void test_wipe_apply(void **state)
{
	const char *const allowed[] = {"AWS0", NULL};
	struct resource *r = new_item("wipe: {serial: AWS0}");
	struct err e;

	(void)state;
	drive_make(0, 'x');
	tmproot.host.may_wipe = allowed;
	assert_part(resource_reported(r), "drift NotFormatted");
	if (resource_apply(r, NULL, &e) < 0)
		fail_msg("%s", e.text);
	assert_part(resource_reported(r), "ok  now=xfs label ephemeral");
	tmproot.host.may_wipe = NULL;
}

/* Our file system stays ours while mounted, as a second run finds it. */
static void test_ours_mounted(void **state)
{
	struct resource *r = new_item("");

	(void)state;
	drive_make(0, 'o');
	drives_mounts("20 1 259:0 / /mnt/x rw - xfs /dev/nvme0n1 rw\n", "");
	assert_part(resource_reported(r), "ok  now=xfs label ephemeral uuid ");
	drive_make(0, 'b');
	assert_part(resource_reported(r), "nvme0n1 AWS0: is mounted at /mnt/x");
	drive_make(0, 'n');
	assert_part(resource_reported(r),
	            "nvme0n1 AWS0: is mounted at /mnt/x and cannot be read: open ");
}

static void test_no_sysfs(void **state)
{
	struct resource *r = new_item("");

	(void)state;
	tmproot_remove("/proc/self/mountinfo");
	assert_part(resource_reported(r),
	            "failed NotReadable now=NULL: open /proc/self/mountinfo");
}

/* --- formatting -----------------------------------------------------------------------
 */

static void need_mkfs(void)
{
	drive_add("nvme9n1", "scratch", "S", 9);
	drive_format("nvme9n1", "x");
}

static void test_apply(void **state)
{
	struct resource *r = new_item("mkfs: {agcount: 2, inode-size: 1024}");
	struct err e;

	(void)state;
	need_mkfs();
	drive_make(0, 'b');
	assert_part(resource_reported(r), "drift NotFormatted");
	assert_string_equal(r->run.change.remedy, "mkfs.xfs -L ephemeral /dev/nvme0n1");
	if (resource_apply(r, NULL, &e) < 0)
		fail_msg("%s", e.text);
	assert_part(resource_reported(r), "ok  now=xfs label ephemeral uuid ");
}

/* Changes between planning and formatting are detected. */
static const struct late_row {
	const char *name;
	char what;
	enum reason reason;
	const char *text;
} late_rows[] = {
	{"data", 'd', REASON_DISK_REFUSED, "nvme0n1 AWS0: holds data"},
	{"our own label", 'o', REASON_DISK_REFUSED, "nvme0n1 AWS0: xfs label ephemeral"},
	{"partitions", 'p', REASON_DISK_REFUSED, "nvme0n1 AWS0: has partitions"},
	{"a holder", 'h', REASON_DISK_REFUSED, "nvme0n1 AWS0: is part of dm-0"},
	{"another drive of that name", 'e', REASON_FAILED,
         "/dev/nvme0n1: is a different drive now"},
	{"no drive of that name", 'n', REASON_FAILED, "/dev/nvme0n1: "},
};

static void test_late(void **state)
{
	const struct late_row *row = *state;
	struct resource *r = new_item("");
	enum reason reason;
	struct err e;

	drive_make(0, 'b');
	assert_part(resource_reported(r), "drift NotFormatted");
	drive_make(0, row->what);
	assert_true(resource_apply(r, &reason, &e) < 0);
	assert_int_equal(reason, row->reason);
	assert_part(e.text, row->text);
}

/* The error is the reason that mkfs.xfs prints, not its usage or its advice to force. */
static void test_mkfs_fails(void **state)
{
	struct resource *r = new_item("mkfs: {agcount: 1000000}");
	struct err e;

	(void)state;
	need_mkfs();
	drive_make(0, 'b');
	assert_part(resource_reported(r), "drift NotFormatted");
	assert_int_equal(resource_apply(r, NULL, &e), -EIO);
	assert_part(e.text, "mkfs.xfs: ");
	assert_null(strchr(e.text, '\n'));
	assert_null(strstr(e.text, "<num>"));
}

/* What the wiped drive held is gone, though it has no file system. */
static void test_mkfs_fails_wiped(void **state)
{
	const char *const allowed[] = {"AWS0", NULL};
	struct resource *r = new_item("mkfs: {agcount: 1000000}, wipe: {serial: AWS0}");
	struct err e;

	(void)state;
	drive_make(0, 'x');
	tmproot.host.may_wipe = allowed;
	assert_part(resource_reported(r), "drift NotFormatted");
	assert_int_equal(resource_apply(r, NULL, &e), -EIO);
	assert_part(e.text, "(already wiped: nvme0n1 AWS0 (0 GB))");
	tmproot.host.may_wipe = NULL;
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_test(&s, "wiping one of two namespaces", test_wipe_namespace);
	suite_test(&s, "another wwid before mkfs", test_other_wwid);
	suite_rows(&s, wipe_rows, test_wipe);
	suite_test(&s, "wipe, but the content has changed", test_wipe_late);
	suite_test(&s, "wipe and format", test_wipe_apply);
	suite_test(&s, "ours, and mounted", test_ours_mounted);
	suite_test(&s, "no mount table", test_no_sysfs);
	suite_test(&s, "apply", test_apply);
	suite_rows(&s, late_rows, test_late);
	suite_test(&s, "mkfs.xfs fails", test_mkfs_fails);
	suite_test(&s, "mkfs.xfs fails after a wipe", test_mkfs_fails_wiped);
	return suite_run(&s);
}
