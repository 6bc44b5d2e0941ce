/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A file system on a drive: which drive, and when it is formatted. */
#include "base/mem.h"
#include "drives.h"
#include "host/file.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

/* --- the profile ----------------------------------------------------------------------
 */

static const struct parse_row {
	const char *name; /* the item */
	const char *want, *diag;
} parse_rows[] = {
	{"data: {}", "xfs label data", ""},
	{"data: {label: ephemeral, format: xfs}", "xfs label ephemeral", ""},
	{"data: {label: exactly-12-b}", "xfs label exactly-12-b", ""},
	{"data: {label: more-than-12-b}", NULL,
         "is longer than 12 bytes, the limit of XFS\n"},
	{"name-of-13-by: {}", NULL, "12 bytes, the limit of XFS (set `label:`)\n"},
	{"data: {label: a b}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: a/b}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: \xc3\xa9}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: \"\\e[2J\"}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: \"\"}", NULL, "label: is empty"},
	{"data: {format: ext4}", NULL, "format \"ext4\": unknown"},
	{"data: {required: maybe}", NULL, "required \"maybe\": should be true or false"},
	{"data: {disks: {model: M, serial: S, min-size: 1TiB, count: 1}}",
         "xfs label data", ""},
	{"data: {disks: {serial: [A, B]}, wipe: {serial: [A, B]}, array: none}",
         "xfs label data", ""},
	{"data: {disks: {serial: []}}", NULL, "serial: is an empty list"},
	{"data: {wipe: {}}", NULL, "serial: is missing"},
	{"data: {array: raid5}", NULL,
         "array \"raid5\": not supported: hosttune makes only raid0"},
	{"data: {disks: {count: 0}}", NULL, "count \"0\": out of range"},
	{"data: {disks: {count: 2}}", NULL,
         "count \"2\": more than one drive needs an array"},
	{"data: {disks: {modle: x}}", NULL,
         "unknown key \"modle\" (did you mean \"model\"?)"},
	{"data: {disks: [nvme1n1]}", NULL, "disks: is a list, should be a mapping"},
	{"data: {mkfs: {agcount: 32, inode-size: 1024, log-size: 512MiB}}",
         "xfs label data", ""},
	{"data: {mkfs: {su: 256KiB, sw: 4, reflink: false}}", "xfs label data", ""},
	{"data: {mkfs: {inode-size: 1000}}", NULL,
         "inode-size \"1000\": must be a power of"},
	{"data: {mkfs: {inode-size: 256}}", NULL, "inode-size \"256\": out of range"},
	{"data: {mkfs: {log-size: 2GiB}}", NULL, "log-size \"2GiB\": out of range"},
	{"data: {mkfs: {log-size: 67108865}}", NULL, "must be a multiple of 4096"},
	{"data: {mkfs: {su: 5000, sw: 1}}", NULL,
         "su \"5000\": must be a multiple of 4096"},
	{"data: {mkfs: {su: 256KiB}}", NULL, "mkfs: su and sw must be set together"},
	{"data: {mkfs: {sw: 2}}", NULL, "mkfs: su and sw must be set together"},
	{"data: {mkfs: {agcount: 0}}", NULL, "agcount \"0\": out of range"},
	{"data: {mkfs: {force: true}}", NULL, "unknown key \"force\""},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	const struct resource *r = resource_new(&kind_filesystem, row->name, diag);

	if (row->want) {
		assert_string_equal(diagnostics_text(diag), "");
		assert_string_equal(r->spec.want, row->want);
	} else {
		assert_int_equal(diag->n, 1);
		assert_part(diagnostics_text(diag), row->diag);
	}
}

/* --- which drive ----------------------------------------------------------------------
 */

/* Content of a drive: 'b'lank, 'o'urs, 'x' another XFS, 'd'ata, 'p'artitions ... */
static void make_drive(unsigned i, char what)
{
	const char *name = keep_text(mem_format("nvme%un1", i));
	const char *serial = keep_text(mem_format("AWS%u", i));

	drive_add(name, what == 'e' ? "Amazon Elastic Block Store" : INSTANCE_STORE,
	          serial, i);
	switch (what) {
	case 'o': drive_format(name, "ephemeral"); break;
	case 'H':
		drive_format(name, "ephemeral");
		drive_set(name, "holders/dm-0", "");
		break;
	/* sb_inprogress: set by an interrupted mkfs.xfs */
	case 'u':
		drive_format(name, "ephemeral");
		drive_write(name, 126, "\x01", 1);
		break;
	case 'U':
		drive_format(name, "other");
		drive_write(name, 126, "\x01", 1);
		break;
	case 'x': drive_format(name, "other"); break;
	case 'd': drive_write(name, 0, "data", 4); break;
	case 'p':
		drive_set(name, keep_text(mem_format("%sp1/partition", name)), "1");
		break;
	case 'h': drive_set(name, "holders/dm-0", ""); break;
	case 'r': drive_set(name, "ro", "1"); break;
	/* two namespaces of one controller: the same serial */
	case '1':
	case '2':
	case 'D':
		drive_set(name, "device/serial", "AWS");
		drive_set(name, "nsid", what == '2' ? "2" : "1");
		drive_set(name, "wwid", keep_text(mem_format("eui.%c", what)));
		if (what == '2')
			drive_write(name, 0, "data", 4);
		break;
	case 'O':
	case 'S':
		if (what == 'O')
			drive_format(name, "ephemeral");
		tmproot_remove(keep_text(mem_format("/sys/block/%s/ro", name)));
		tmproot_dir(keep_text(mem_format("/sys/block/%s/ro", name)));
		break;
	case 'M':
		tmproot_remove(keep_text(mem_format("/sys/block/%s/device/model", name)));
		tmproot_dir(keep_text(mem_format("/sys/block/%s/device/model", name)));
		break;
	case 'n': tmproot_remove(keep_text(mem_format("/dev/%s", name))); break;
	default: break;
	}
}

static const struct choice_row {
	const char *name;
	const char *drives,
		*disks; /* one letter per drive, from nvme0n1 on; keys of the item */
	const char *reported, *device;
} choice_rows[] = {
	{"no drives", "", "",
         "skipped NoDisks now=NULL: no matching drive: model \"Amazon EC2 NV", NULL},
	{"none, but required", "", "required: true", "failed NoDisks now=NULL: ", NULL},
	{"another model", "e", "", "skipped NoDisks now=NULL: ", NULL},
	{"another serial", "b", "disks: {serial: AWS9}",
         "skipped NoDisks now=NULL: no matching drive: model \"" INSTANCE_STORE
         "\", serial AWS9; this node has nvme0n1 (model \"" INSTANCE_STORE
         "\", serial AWS0, 335 MB)",
         NULL},
	{"part of a serial", "b", "disks: {serial: AWS}",
         "skipped NoDisks now=NULL: ", NULL},
	{"part of a model", "b", "disks: {model: Amazon EC2 NVMe}",
         "skipped NoDisks now=NULL: ", NULL},
	{"too small", "b", "disks: {min-size: 1GiB}",
         "skipped NoDisks now=NULL: no matching drive: model \"" INSTANCE_STORE
         "\", at least 1073741824 bytes; this node has nvme0n1 (model \"" INSTANCE_STORE
         "\", serial AWS0, 335 MB)",
         NULL},
	{"a serial of another model", "be", "disks: {serial: AWS1}",
         "refused DiskRefused now=NULL: nvme1n1 AWS1: is an EBS volume", NULL},
	{"an EBS volume by its name", "e", "disks: {model: Amazon Elastic Block Store}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: is an EBS volume", NULL},
	{"one blank", "b", "",
         "drift NotFormatted now=blank: nvme0n1 AWS0 (0 GB) is blank", "/dev/nvme0n1"},
	{"white space around the words", "b",
         "disks: {model: \" Amazon EC2 NVMe Instance Storage \", serial: \"AWS0 \"}",
         "drift NotFormatted now=blank: ", "/dev/nvme0n1"},
	{"one with our label", "o", "", "ok  now=xfs label ephemeral uuid ",
         "/dev/nvme0n1"},
	{"ours, and held", "H", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds xfs", NULL},
	{"ours, not finished", "u", "",
         "drift NotFormatted now=holds an unfinished xfs with the configured label: nvme0n1 "
         "AWS0",
         "/dev/nvme0n1"},
	{"another's, not finished", "U", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds an unfinished xfs file "
         "system (DiskUnfinished)",
         NULL},
	{"another label", "x", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds xfs file system, label "
         "\"other\"",
         NULL},
	{"data", "d", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds data of an unknown "
         "kind",
         NULL},
	{"partitions", "p", "", "nvme0n1 AWS0: has partitions (nvme0n1p1)", NULL},
	{"held", "h", "", "nvme0n1 AWS0: is part of dm-0", NULL},
	{"read-only", "r", "", "nvme0n1 AWS0: is read-only", NULL},
	{"no node", "n", "", "nvme0n1 AWS0: cannot be read: open /dev/nvme0n1: ", NULL},
	{"every rejected drive is reported", "dpx", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds data of an unknown "
         "kind (DiskGarbage); nvme1n1 AWS1: has partitions (nvme1n1p1) "
         "(DiskPartitioned); nvme2n1 AWS2: holds xfs",
         NULL},
	{"two blank", "bb", "",
         "refused DiskAmbiguous now=NULL: the profile selects more than one "
         "drive (nvme0n1 AWS0, nvme1n1 AWS1)",
         NULL},
	{"two blank, count 1", "bb", "disks: {count: 1}",
         "drift NotFormatted now=blank: ", "/dev/nvme0n1"},
	{"two blank, one named", "bb", "disks: {serial: AWS1}",
         "drift NotFormatted now=blank: nvme1n1 AWS1", "/dev/nvme1n1"},
	{"ours and a blank one", "bo", "",
         "refused DiskAmbiguous now=NULL: the profile selects more", NULL},
	{"ours and a blank one, count 1", "bo", "disks: {count: 1}", "ok  now=xfs",
         "/dev/nvme1n1"},
	{"blank and rejected", "db", "",
         "drift NotFormatted now=blank: ", "/dev/nvme1n1"},
	{"unreadable and a blank one", "nb", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: cannot be read", NULL},
	{"unreadable and a blank one, count 1", "nb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: cannot be read", NULL},
	{"unreadable and a blank one, named", "nb", "disks: {serial: AWS1}",
         "drift NotFormatted now=blank: nvme1n1 AWS1", "/dev/nvme1n1"},
	{"unreadable and ours, count 1", "no", "disks: {count: 1}", "ok  now=xfs",
         "/dev/nvme1n1"},
	{"sysfs unreadable and a blank one, count 1", "Sb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: cannot be examined: ", NULL},
	{"model unreadable and a blank one, count 1", "Mb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: cannot be examined: ", NULL},
	{"ours, sysfs unreadable", "O", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: "
         "cannot be examined: read /sys/block/nvme0n1/ro: Is a directory (DiskUnreadable)",
         NULL},
	{"two namespaces, both named by the serial", "112", "disks: {serial: AWS}",
         "refused DiskRefused now=NULL: nvme0n1 AWS: has the same serial \"AWS\" and wwid "
         "\"eui.1\" as another drive: they may be one drive with two paths "
         "(DiskDuplicate); nvme1n1 AWS: ",
         NULL},
	{"two namespaces, two blank", "1D", "disks: {serial: AWS}",
         "refused DiskAmbiguous now=NULL: the profile selects more than one drive "
         "(nvme0n1 eui.1, nvme1n1 eui.D)",
         NULL},
	{"a namespace by its number", "12", "disks: {serial: AWS-n1}",
         "drift NotFormatted now=blank: nvme0n1 AWS-n1 (0 GB) is blank", "/dev/nvme0n1"},
	{"a namespace by its wwid", "1D", "disks: {serial: eui.D}",
         "drift NotFormatted now=blank: nvme1n1 eui.D (0 GB) is blank", "/dev/nvme1n1"},
	{"one per drive, but expanded before it was there", "b", "mount: '/m/{serial}'",
         "refused DiskRefused now=NULL: drives were still unknown when the profile was read "
         "(nvme0n1 AWS0)",
         NULL},
	{"one per drive, and none is there", "", "mount: '/m/{serial}'",
         "skipped NoDisks now=NULL: ", NULL},
	{"two with our label", "oo", "disks: {count: 1}",
         "refused DiskAmbiguous now=NULL: the label is on more than one drive", NULL},
	{"two with our label, one named", "oo", "disks: {serial: AWS1}", "ok  now=xfs",
         "/dev/nvme1n1"},
};

static struct resource *new_item(const char *more)
{
	return resource_new(&kind_filesystem,
	                    keep_text(mem_format("data: {label: ephemeral%s%s}",
	                                         *more ? ", " : "", more)),
	                    NULL);
}

static void test_choice(void **state)
{
	const struct choice_row *row = *state;
	struct resource *r = new_item(row->disks);
	const char *before;

	for (unsigned i = 0; row->drives[i]; i++)
		make_drive(i, row->drives[i]);
	before = row->drives[0] ? NULL : tmproot_snapshot();
	assert_part(resource_reported(r), row->reported);
	assert_text(r->seen.device, row->device);
	/* observing again gives the same result */
	assert_part(resource_reported(r), row->reported);
	assert_text(r->seen.device, row->device);
	if (before)
		assert_string_equal(tmproot_snapshot(), before);
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

	make_drive(0, row->drive);
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
	make_drive(0, '1');
	make_drive(1, '2');
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
	make_drive(0, '1');
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
	make_drive(0, 'b');
	tmproot.host.may_wipe = allowed;
	assert_part(resource_reported(r), "drift NotFormatted now=blank");
	make_drive(0, 'd');
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
	make_drive(0, 'x');
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
	make_drive(0, 'o');
	drives_mounts("20 1 259:0 / /mnt/x rw - xfs /dev/nvme0n1 rw\n", "");
	assert_part(resource_reported(r), "ok  now=xfs label ephemeral uuid ");
	make_drive(0, 'b');
	assert_part(resource_reported(r), "nvme0n1 AWS0: is mounted at /mnt/x");
	make_drive(0, 'n');
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
	make_drive(0, 'b');
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

	make_drive(0, 'b');
	assert_part(resource_reported(r), "drift NotFormatted");
	make_drive(0, row->what);
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
	make_drive(0, 'b');
	assert_part(resource_reported(r), "drift NotFormatted");
	assert_int_equal(resource_apply(r, NULL, &e), -EIO);
	assert_part(e.text, "mkfs.xfs: ");
	assert_null(strchr(e.text, '\n'));
	assert_null(strstr(e.text, "<num>"));
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_rows(&s, choice_rows, test_choice);
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
	return suite_run(&s);
}
