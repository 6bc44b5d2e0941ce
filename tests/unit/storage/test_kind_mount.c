/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A mount that the host sees, and its options. */
#include "base/mem.h"
#include "drives.h"
#include "resource.h"
#include "resource/kinds.h"
#include "storage/mount/option.h"
#include "storage/mount/option_check.h"
#include "storage/mount/target.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

/* --- the profile ----------------------------------------------------------------------
 */

static const struct parse_row {
	const char *name; /* the item's value */
	const char *want, *diag;
} parse_rows[] = {
	{"{mount: /mnt/data}", "/mnt/data", ""},
	{"{mount: /mnt/data, options: []}", "/mnt/data", ""},
	{"{mount: /mnt/..data/.x/a..b, options: [noatime, nodiratime]}",
         "/mnt/..data/.x/a..b noatime,nodiratime", ""},
	{"{mount: mnt/data}", NULL,
         "mount \"mnt/data\": must be an absolute path below /"},
	{"{mount: /}", NULL, "mount \"/\": must be an absolute path below /"},
	{"{mount: \"\"}", NULL, "mount: is empty"},
	{"{mount: /mnt/}", NULL, "mount \"/mnt/\": contains \"//\" or ends with \"/\""},
	{"{mount: //mnt}", NULL, "mount \"//mnt\": contains \"//\" or ends with \"/\""},
	{"{mount: /mnt//x}", NULL,
         "mount \"/mnt//x\": contains \"//\" or ends with \"/\""},
	{"{mount: /mnt/../etc}", NULL, "mount \"/mnt/../etc\": contains \".\" or \"..\""},
	{"{mount: /mnt/..}", NULL, "contains \".\" or \"..\""},
	{"{mount: /mnt/./x}", NULL, "contains \".\" or \"..\""},
	{"{mount: /mnt/a b}", NULL,
         "mount \"/mnt/a b\": contains white space or control"},
	{"{mount: \"/mnt/\\e[2J\"}", NULL,
         "mount \"/mnt/?[2J\": contains white space or"},
	{"{mount: [/a, /b]}", NULL, "mount: is a list, should be a text"},
	{"{mount: /a, options: noatime}", NULL, "should be a list"},
	{"{mount: /a, options: [noatme]}", NULL,
         "options \"noatme\": not a mount option of XFS (did you mean \"noatime\"?)"},
	{"{mount: /a, options: [bind]}", NULL,
         "options \"bind\": not a mount option of XFS"},
	{"{mount: /a, options: [remount]}", NULL,
         "options \"remount\": not a mount option"},
	{"{mount: /a, options: [nobarrier]}", NULL,
         "options \"nobarrier\": not a mount option"},
	{"{mount: /a, options: [\"noatime,ro\"]}", NULL, "each item should be one word"},
	{"{mount: /a, options: [noatime=1]}", NULL, "noatime takes no value"},
	{"{mount: /a, options: [logbsize=256k]}", "/a logbsize=256k", ""},
	{"{mount: /a, options: [logbsize=262144]}", "/a logbsize=262144", ""},
	{"{mount: /a, options: [logbsize]}", NULL,
         "options \"logbsize\": logbsize must be a power of two from 16k to 256k"},
	{"{mount: /a, options: [logbsize=8k]}", NULL, "a power of two from 16k to 256k"},
	{"{mount: /a, options: [logbsize=512k]}", NULL,
         "a power of two from 16k to 256k"},
	{"{mount: /a, options: [logbsize=100k]}", NULL,
         "a power of two from 16k to 256k"},
	{"{mount: /a, options: [logbsize=64KiB]}", NULL,
         "a power of two from 16k to 256k"},
	{"{mount: /a, options: [\"logbsize=\"]}", NULL,
         "a power of two from 16k to 256k"},
	{"{mount: /a, options: [logbufs=9]}", NULL,
         "logbufs must be a number from 2 to 8"},
	{"{mount: /a, options: [allocsize=1g, logbufs=8]}", "/a allocsize=1g,logbufs=8",
         ""},
	{"{mount: /a, options: [allocsize=2g]}", NULL, "from 4k to 1048576k"},
	{"{mount: /a, options: [ro, rw]}", NULL, "options \"rw\": contradicts \"ro\""},
	{"{mount: /a, options: [noatime, relatime]}", NULL,
         "options \"relatime\": contradicts \"noatime\""},
	{"{mount: /a, options: [usrquota, grpquota]}", "/a usrquota,grpquota", ""},
	{"{mount: /a, options: [usrquota, noquota]}", NULL,
         "options \"noquota\": contradicts \"usrquota\""},
	{"{mount: /a, options: [noatime, noatime]}", NULL,
         "options \"noatime\": contradicts \"noatime\""},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	const struct resource *r;

	if (!row->want && strstr(row->diag, "mount: is")) {
		/* without a mount point there is no resource */
		assert_false(kind_mount.parse(resource_empty(&kind_mount),
		                              yaml(row->name), diag));
		assert_part(diagnostics_text(diag), row->diag);
		return;
	}
	r = resource_new(&kind_mount, keep_text(mem_format("data: %s", row->name)), diag);
	if (row->want) {
		assert_string_equal(diagnostics_text(diag), "");
		assert_string_equal(r->spec.want, row->want);
		assert_string_equal(
			r->spec.unique,
			keep_text(mem_format("mount %.*s", (int)strcspn(row->want, " "),
		                             row->want)));
	} else {
		assert_int_equal(diag->n, 1);
		assert_part(diagnostics_text(diag), row->diag);
	}
}

static void test_no_mount(void **state)
{
	struct resource *r = resource_empty(&kind_mount);
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	assert_false(kind_mount.parse(r, yaml("{label: x}"), diag));
	assert_string_equal(diagnostics_text(diag), "");
	assert_false(kind_mount.parse(r, yaml("{options: [noatime]}"), diag));
	assert_string_equal(diagnostics_text(diag), "1:11: options: requires mount\n");
}

/* --- options --------------------------------------------------------------------------
 */

#define SHOWN "rw,nosuid,noatime,attr2,inode64,logbufs=8,logbsize=32k,noquota"

static const struct option_row {
	const char *name; /* wanted */
	const char *shown, *missing, *flags;
} option_rows[] = {
	{"", SHOWN, NULL, "rw,nosuid,noatime"},
	{"noatime", SHOWN, NULL, "rw,nosuid,noatime"},
	{"noatime", "rw,relatime", "noatime", "rw,noatime"},
	{"noatime,nodiratime", "rw,noatime,nodiratime", NULL, "rw,noatime,nodiratime"},
	{"noatime,nodiratime", "rw,noatime", NULL, "rw,noatime,nodiratime"},
	{"nodiratime", "rw,relatime", "nodiratime", "rw,relatime,nodiratime"},
	{"relatime", SHOWN, "relatime", "rw,nosuid,relatime"},
	{"atime", SHOWN, "atime", "rw,nosuid,atime"},
	{"atime", "rw,relatime", NULL, "rw,atime"},
	{"diratime", "rw,nodiratime", "diratime", "rw,diratime"},
	{"defaults,rw", SHOWN, NULL, "nosuid,noatime,defaults,rw"},
	{"ro", SHOWN, "ro", "nosuid,noatime,ro"},
	{"rw", "ro,noatime", "rw", "noatime,rw"},
	{"suid,nodev", SHOWN, "suid,nodev", "rw,noatime,suid,nodev"},
	{"logbsize=32k", SHOWN, NULL, NULL},
	{"logbsize=32768", SHOWN, NULL, NULL},
	{"logbsize=256k", SHOWN, "logbsize=256k", NULL},
	{"logbufs=8", SHOWN, NULL, NULL},
	{"allocsize=1m", "rw,allocsize=1024k", NULL, NULL},
	{"allocsize=64k", SHOWN, "allocsize=64k", NULL},
	{"inode64", SHOWN, NULL, NULL},
	{"inode32", SHOWN, "inode32", NULL},
	{"discard", SHOWN, "discard", NULL},
	{"nodiscard", SHOWN, NULL, NULL},
	{"nodiscard", "rw,discard", "nodiscard", NULL},
	{"uquota", "rw,usrquota", NULL, NULL},
	{"noquota,largeio,swalloc", SHOWN, "largeio,swalloc", NULL},
	{"log", SHOWN, "log", NULL},
	{"noatime", "rw,x-noatime", "noatime", NULL},
	{"noatime", "rw,x-noatime,noatime", NULL, NULL},
	{"noatime", "rw,,noatime", NULL, NULL},
	{"noatime", "rw,context=\"system_u:object_r:x_t:s0:c1,noatime\"", "noatime",
         NULL},
	{"noatime", "rw,context=\"a,b\",noatime", NULL, NULL},
};

static void test_options(void **state)
{
	const struct option_row *row = *state;
	char *missing = mount_options_missing(row->name, row->shown);
	char *flags = mount_options_flags(row->name, row->shown);

	keep_text(flags);
	if (missing)
		keep_text(missing);
	assert_text(missing, row->missing);
	if (row->flags)
		assert_string_equal(flags, row->flags);
}

/* Whatever the flags are by then: a remount clears what it does not name. */
static void test_exactly(void **state)
{
	static const char *const rows[][2] = {
		{"rw,nosuid,relatime", "rw,nosuid,relatime"},
		{"rw,noatime,nodiratime", "rw,noatime,nodiratime"},
		{"rw,relatime,attr2,logbufs=8", "rw,relatime"},
		/* Linux shows no word for it, and makes it relatime if none is given */
		{"ro", "ro,strictatime"},
		{"rw,nodiratime", "rw,nodiratime,strictatime"},
		{"", "strictatime"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *flags = mount_options_exactly(rows[i][0]);

		keep_text(flags);
		assert_string_equal(flags, rows[i][1]);
	}
}

/* Shown options are valid in a profile, and then none of them is missing. */
static void test_shown_as_options(void **state)
{
	static const char shown[] =
		"rw,nosuid,noatime,attr2,inode64,logbufs=8,logbsize=32k,sunit=8,noquota";
	const struct node *list = keep_node(mount_options_node(shown));
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	assert_string_equal(tree_text(list),
	                    "[\"nosuid\", \"noatime\", \"inode64\", \"logbufs=8\", "
	                    "\"logbsize=32k\", \"noquota\"]");
	mount_options_check(list, diag);
	assert_string_equal(diagnostics_text(diag), "");
}

static void test_flags(void **state)
{
	(void)state;
	assert_true(mount_options_are_flags("noatime,nodiratime,ro,suid"));
	assert_false(mount_options_are_flags("noatime,logbsize=32k"));
	assert_false(mount_options_are_flags("sync"));
}

/* --- the mount ------------------------------------------------------------------------
 */

#define OURS(opt) "20 1 259:0 / /mnt/data " opt " - xfs /dev/nvme0n1 rw,logbsize=32k\n"
#define OTHER     "20 1 259:9 / /mnt/data rw - xfs /dev/nvme9n1 rw\n"
#define PART      "20 1 259:0 /sub /mnt/data rw - xfs /dev/nvme0n1 rw\n"
#define BIND(opt) "30 1 259:0 /x /srv/a " opt " - xfs /dev/nvme0n1 rw,logbsize=32k\n"
#define ELSEWHERE "20 1 259:0 / /mnt/else rw - xfs /dev/nvme0n1 rw\n"

static const struct diff_row {
	const char *name;
	const char *host; /* mounts of the host */
	const char *own;  /* our own table; NULL: running on the host */
	const char *item;
	enum state on; /* of the file system */
	const char *reported;
} diff_rows[] = {
	{"not mounted", "", NULL, "{mount: /mnt/data, options: [noatime]}", STATE_OK,
         "drift NotMounted now=NULL: /dev/nvme0n1 is not mounted"},
	{"not formatted yet", "", NULL, "{mount: /mnt/data}", STATE_DRIFT,
         "pending Waits now=NULL: /dev/nvme0n1 is not formatted yet"},
	{"just formatted", "", NULL, "{mount: /mnt/data}", STATE_CHANGED,
         "drift NotMounted now=NULL"},
	{"no drive", "", NULL, "{mount: /mnt/data}", STATE_SKIPPED,
         "skipped NoDisks now=NULL: its drive is missing"},
	{"refused drive", "", NULL, "{mount: /mnt/data}", STATE_REFUSED,
         "pending Waits now=NULL: its file system is refused"},
	{"refused drive, another mount at the target", OTHER, NULL, "{mount: /mnt/data}",
         STATE_REFUSED, "pending Waits now=/mnt/data rw: its file system is refused"},
	{"mounted", OURS("rw"), NULL, "{mount: /mnt/data}", STATE_OK,
         "ok  now=/mnt/data rw,logbsize=32k: "},
	{"in sync", OURS("rw,noatime,nodiratime"), NULL,
         "{mount: /mnt/data, options: [noatime, nodiratime]}", STATE_OK,
         "ok  now=/mnt/data rw,noatime,nodiratime,logbsize=32k: "},
	{"in sync, seen from a container", OURS("rw,noatime"), "",
         "{mount: /mnt/data, options: [noatime]}", STATE_OK, "ok  now="},
	{"other flags", OURS("rw,relatime"), NULL,
         "{mount: /mnt/data, options: [noatime]}", STATE_OK,
         "drift OptionsDiffer now=/mnt/data rw,relatime,logbsize=32k: mounted "
         "without noatime"},
	{"other flags, seen from a container", OURS("rw,relatime"), "",
         "{mount: /mnt/data, options: [noatime]}", STATE_OK,
         "failed OptionsDiffer now=/mnt/data rw,relatime,logbsize=32k: mounted without "
         "noatime, but a container cannot change the flags of the host's mount"},
	{"other options of the file system", OURS("rw,noatime"), NULL,
         "{mount: /mnt/data, options: [noatime, logbsize=256k]}", STATE_OK,
         "failed OptionsDiffer now=/mnt/data rw,noatime,logbsize=32k: mounted without "
         "logbsize=256k, but it takes effect only on a new mount"},
	{"another drive at the target", OTHER, NULL, "{mount: /mnt/data}", STATE_OK,
         "refused TargetInUse now=/mnt/data rw: /dev/nvme9n1 (xfs) is mounted there"},
	{"another drive at the target, nothing formatted", OTHER, NULL,
         "{mount: /mnt/data}", STATE_DRIFT, "refused TargetInUse "},
	{"a part of the drive at the target", PART, NULL, "{mount: /mnt/data}", STATE_OK,
         "refused TargetInUse now=/mnt/data rw: /dev/nvme0n1, directory /sub (xfs) is "
         "mounted there"},
	{"mounted elsewhere", ELSEWHERE, NULL, "{mount: /mnt/data}", STATE_OK,
         "refused MountedElsewhere now=NULL: /dev/nvme0n1 is mounted at /mnt/else"},
	{"mounted here and elsewhere",
         ELSEWHERE "21 1 259:0 / /mnt/data rw - xfs /dev/x rw\n", NULL,
         "{mount: /mnt/data}", STATE_OK, "ok  now=/mnt/data rw: "},
	{"a part of it mounted elsewhere", BIND("rw,noatime"), NULL, "{mount: /mnt/data}",
         STATE_OK, "drift NotMounted now=NULL"},
	{"elsewhere with other flags", OURS("rw,noatime") BIND("rw,relatime"), NULL,
         "{mount: /mnt/data, options: [noatime, logbsize=32k]}", STATE_OK,
         "ok BindsDiffer now=/mnt/data rw,noatime,logbsize=32k: in sync, but also mounted "
         "at /srv/a without noatime"},
	{"elsewhere with other flags, bound by the item",
         OURS("rw,noatime") BIND("rw,relatime"), NULL,
         "{mount: /mnt/data, options: [noatime], bind: [/srv/a]}", STATE_OK,
         "ok  now=/mnt/data rw,noatime,logbsize=32k: "},
	{"elsewhere with the same flags", OURS("rw,noatime") BIND("rw,noatime"), NULL,
         "{mount: /mnt/data, options: [noatime]}", STATE_OK,
         "ok  now=/mnt/data rw,noatime,logbsize=32k: "},
	{"not visible on the host", "", "", "{mount: /mnt/data}", STATE_OK,
         "refused TargetNotShared now=NULL: a mount made here would not be visible on "
         "the host"},
	{"not visible on the host, and nothing formatted", "", "", "{mount: /mnt/data}",
         STATE_DRIFT, "refused TargetNotShared "},
	{"behind a link", "", NULL, "{mount: /mnt/link/x}", STATE_DRIFT,
         "refused TargetUnsafe now=NULL: /mnt/link/x: \"link\" is a symbolic link"},
	{"a file", "", NULL, "{mount: /mnt/file}", STATE_OK,
         "refused TargetUnsafe now=NULL: /mnt/file: \"file\" is not a directory"},
};

/* The resource below, as the filesystem kind leaves it. */
static struct resource *new_drive(enum state state)
{
	struct resource *on = resource_new(&kind_filesystem, "data: {}", NULL);

	if (state != STATE_SKIPPED && state != STATE_REFUSED)
		on->seen.device = mem_dup("/dev/nvme0n1");
	on->run.change.state = state;
	on->run.change.reason = state == STATE_SKIPPED ? REASON_NO_DISKS : REASON_NONE;
	return on;
}

static struct resource *new_mount(const char *item, enum state on)
{
	struct resource *r =
		resource_new(&kind_mount, keep_text(mem_format("data: %s", item)), NULL);

	r->spec.depends_on = new_drive(on);
	r->run.waits = on == STATE_DRIFT ? r : NULL;
	return r;
}

static void make_world(const char *host, const char *own)
{
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	/* kept empty: only tmproot_snapshot() reads its content */
	tmproot_write("/dev/nvme0n1", "");
	tmproot_dir("/mnt/data");
	tmproot_link("/mnt/link", "data");
	tmproot_write("/mnt/file", "");
	drives_mounts(host, own ? own : "");
	if (!own)
		tmproot_write("/proc/self/mountinfo", tmproot_read("/proc/1/mountinfo"));
}

static void test_diff(void **state)
{
	const struct diff_row *row = *state;
	struct resource *r;
	const char *before;

	make_world(row->host, row->own);
	r = new_mount(row->item, row->on);
	before = tmproot_snapshot();
	assert_part(resource_reported(r), row->reported);
	assert_part(resource_reported(r), row->reported);
	assert_string_equal(tmproot_snapshot(), before);
}

static void test_remedy(void **state)
{
	struct resource *r;

	(void)state;
	make_world("", NULL);
	r = new_mount("{mount: /mnt/data, options: [noatime, nodiratime]}", STATE_OK);
	resource_observe(r);
	assert_string_equal(r->run.change.remedy,
	                    "mount -o noatime,nodiratime /dev/nvme0n1 /mnt/data");
	r = new_mount("{mount: /mnt/data}", STATE_OK);
	resource_observe(r);
	assert_string_equal(r->run.change.remedy, "mount /dev/nvme0n1 /mnt/data");
}

static void test_no_table(void **state)
{
	struct resource *r;

	(void)state;
	make_world("", NULL);
	tmproot_remove("/proc/1/mountinfo");
	r = new_mount("{mount: /mnt/data}", STATE_OK);
	assert_part(resource_reported(r),
	            "failed NotReadable now=NULL: open /proc/1/mountinfo");
}

/* A mount point that was not examined is not mounted on. */
static void test_unknown(void **state)
{
	const struct mount_target unknown = {0};
	struct change c = {0};

	(void)state;
	assert_false(host_reach_arrives(unknown.reach));
	assert_true(mount_target_refuse(&unknown, "/dev/x", &c));
	assert_int_equal(c.state, STATE_REFUSED);
	assert_int_equal(c.reason, REASON_TARGET_NOT_SHARED);
	change_clear(&c);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_test(&s, "no mount", test_no_mount);
	suite_rows(&s, option_rows, test_options);
	suite_test(&s, "flags", test_flags);
	suite_test(&s, "flags, exactly", test_exactly);
	suite_test(&s, "shown as options", test_shown_as_options);
	suite_rows(&s, diff_rows, test_diff);
	suite_test(&s, "remedies", test_remedy);
	suite_test(&s, "no mount table", test_no_table);
	suite_test(&s, "not examined", test_unknown);
	return suite_run(&s);
}
