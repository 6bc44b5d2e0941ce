/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Mount tables, which mounts reach the host, and mount points that are safe to use. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "drives.h"
#include "host/mount/mount.h"
#include "host/mount/mounts.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct host_mounts mounts;

static int setup(void **state)
{
	mounts = (struct host_mounts){0};
	return drives_setup(state);
}

static int teardown(void **state)
{
	host_mounts_done(&mounts);
	return tmproot_teardown(state);
}

static void read_host(const char *lines)
{
	struct err e = {0};

	drives_mounts(lines, "");
	if (host_mounts_read(&tmproot.host, HOST_MOUNTS_HOST, &mounts, &e) < 0)
		fail_msg("%s", e.text);
}

/* --- tables ------------------------------------------------------------------------ */

static void test_line(void **state)
{
	const struct host_mount *m;

	(void)state;
	read_host("20 1 259:3 /sub\\040dir /mnt/a\\040b rw,noatime,nodiratime shared:13 "
	          "master:2 - xfs /dev/nvme1n1 rw,inode64,logbsize=32k\n");
	assert_int_equal(mounts.n, 2);
	m = &mounts.list[1];
	assert_int_equal(m->id, 20);
	assert_int_equal(m->parent, 1);
	assert_int_equal(m->major, 259);
	assert_int_equal(m->minor, 3);
	assert_int_equal(m->peers, 13);
	assert_int_equal(m->master, 2);
	assert_string_equal(m->root, "/sub dir");
	assert_string_equal(m->target, "/mnt/a b");
	assert_string_equal(m->fstype, "xfs");
	assert_string_equal(m->source, "/dev/nvme1n1");
	assert_string_equal(m->options, "rw,noatime,nodiratime,inode64,logbsize=32k");
	assert_ptr_equal(host_mounts_of(&mounts, 259, 3), m);
	assert_null(host_mounts_of(&mounts, 259, 4));
}

#define LINE(id, parent, target) #id " " #parent " 0:" #id " / " target " rw - t s rw\n"

/* `holding` and `at` are ids; 0: none. */
static const struct find_row {
	const char *name, *lines, *path;
	int holding, at;
} find_rows[] = {
	{"nothing below", "", "/mnt/data", 1, 0},
	{"the root", "", "/", 1, 1},
	{"on the root", LINE(20, 1, "/"), "/mnt", 20, 0},
	{"the mount point", LINE(20, 1, "/mnt"), "/mnt", 20, 20},
	{"below it", LINE(20, 1, "/mnt"), "/mnt/data", 20, 0},
	{"beside it", LINE(20, 1, "/mnt"), "/mnt2", 1, 0},
	{"above it", LINE(20, 1, "/mnt/data"), "/mnt", 1, 0},
	{"nested", LINE(20, 1, "/mnt") LINE(21, 20, "/mnt/data"), "/mnt/data", 21, 21},
	{"in any order", LINE(21, 20, "/mnt/data") LINE(20, 1, "/mnt"), "/mnt/data", 21,
         21},
	{"the upper of two", LINE(21, 20, "/mnt") LINE(20, 1, "/mnt"), "/mnt", 21, 21},
	{"below the upper of two", LINE(21, 20, "/mnt") LINE(20, 1, "/mnt"), "/mnt/x", 21,
         0},
	{"hidden by a mount above", LINE(20, 1, "/mnt/data") LINE(21, 1, "/mnt"),
         "/mnt/data", 21, 0},
	{"hidden by a new root", LINE(20, 1, "/mnt") LINE(21, 1, "/"), "/mnt", 21, 0},
	{"a circle", LINE(20, 21, "/mnt") LINE(21, 20, "/mnt"), "/mnt", 1, 0},
};

static void test_find(void **state)
{
	const struct find_row *row = *state;
	const struct host_mount *m;

	read_host(row->lines);
	m = host_mounts_holding(&mounts, row->path);
	assert_int_equal(m ? m->id : 0, row->holding);
	m = host_mounts_at(&mounts, row->path);
	assert_int_equal(m ? m->id : 0, row->at);
}

/* A walk that starts at a mount enters what hides it, and what is mounted below it. */
static const struct walk_row {
	const char *name, *lines;
	int from; /* id */
	const char *path;
	int end;
} walk_rows[] = {
	{"itself", LINE(20, 1, "/mnt"), 20, "/mnt", 20},
	{"the root", LINE(20, 1, "/mnt"), 1, "/mnt", 20},
	{"what hides it", LINE(20, 1, "/mnt") LINE(21, 20, "/mnt"), 20, "/mnt", 21},
	{"what is below it", LINE(20, 1, "/mnt") LINE(21, 20, "/mnt/a"), 20, "/mnt/a/b",
         21},
	{"not what is beside it", LINE(20, 1, "/mnt") LINE(21, 1, "/mnt/a"), 20, "/mnt/a",
         20},
	{"a prefix is no parent", LINE(20, 1, "/mnt") LINE(21, 20, "/mnt/ab"), 20,
         "/mnt/a", 20},
};

static void test_walk(void **state)
{
	const struct walk_row *row = *state;
	const struct host_mount *from = NULL;

	read_host(row->lines);
	for (size_t i = 0; i < mounts.n; i++)
		if (mounts.list[i].id == row->from)
			from = &mounts.list[i];
	assert_non_null(from);
	assert_int_equal(host_mounts_walk(&mounts, from, row->path)->id, row->end);
}

/* A node may have thousands of mounts, and a container may make them. */
static void test_many(void **state)
{
	enum { MANY = 20000 };
	_buf_ struct buf lines = {0};
	char path[16];
	int64_t start;

	(void)state;
	for (int i = 0; i < MANY; i++)
		buf_addf(&lines, "%d 1 0:5 / /x%d rw - tmpfs t rw\n", 2 + i, i);
	start = clock_ms();
	read_host(lines.text);
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(path, sizeof(path), "/x%d", i);
		assert_int_equal(host_mounts_at(&mounts, path)->id, 2 + i);
	}
	assert_in_range(clock_ms() - start, 0, 2000);
}

static void test_text(void **state)
{
	char good[] = "5 4 8:1 / / rw - ext4 /dev/root rw\n";
	char bad[] = "5 4 8:1 / / rw - ext4 /dev/root rw\nnonsense\n";
	char empty[] = "";
	struct err e = {0};

	(void)state;
	assert_int_equal(host_mounts_parse(good, "/proc/7/mountinfo", &mounts, &e), 0);
	assert_int_equal(mounts.root->id, 5);
	host_mounts_done(&mounts);
	assert_int_equal(host_mounts_parse(bad, "/proc/7/mountinfo", &mounts, &e),
	                 -EBADMSG);
	host_mounts_done(&mounts);
	assert_int_equal(host_mounts_parse(empty, "/proc/7/mountinfo", &mounts, &e),
	                 -EBADMSG);
	assert_part(e.text, "/proc/7/mountinfo");
}

static void test_no_table(void **state)
{
	struct err e = {0};

	(void)state;
	tmproot_remove("/proc/1/mountinfo");
	assert_int_equal(host_mounts_read(&tmproot.host, HOST_MOUNTS_HOST, &mounts, &e),
	                 -ENOENT);
	assert_part(e.text, "/proc/1/mountinfo");
	tmproot_write("/proc/1/mountinfo", "");
	assert_int_equal(host_mounts_read(&tmproot.host, HOST_MOUNTS_HOST, &mounts, &e),
	                 -EBADMSG);
}

/* --- what reaches the host --------------------------------------------------------- */

/*
 * The mounts of a Bottlerocket host, and those that host-ctr gives its bootstrap
 * container.
 */
#define HOST                                                 \
	"20 1 8:2 /mnt /mnt rw shared:5 - xfs /dev/sdb rw\n" \
	"21 1 8:2 /var /var rw shared:6 - xfs /dev/sdb rw\n" \
	"22 1 8:2 /opt /opt rw shared:7 - xfs /dev/sdb rw\n" \
	"23 1 8:2 / /local rw - xfs /dev/sdb rw\n"
#define CONTAINER                                                                           \
	"110 101 8:1 / /.bottlerocket/rootfs ro - ext4 /dev/root rw\n"                      \
	"111 110 8:2 /mnt /.bottlerocket/rootfs/mnt rw shared:5 - xfs /dev/sdb rw\n"        \
	"112 110 8:2 /var /.bottlerocket/rootfs/var rw - xfs /dev/sdb rw\n"                 \
	"113 112 8:2 /var/lib/kubelet /.bottlerocket/rootfs/var/lib/kubelet rw shared:6 - " \
	"xfs /dev/sdb rw\n"                                                                 \
	"114 110 8:2 /opt /.bottlerocket/rootfs/opt rw master:7 - xfs /dev/sdb rw\n"

static const struct reach_row {
	const char *name, *host, *own, *target;
	enum host_reach reach;
	const char *where;
} reach_rows[] = {
	{"container: shared", HOST, CONTAINER, "/mnt/data", HOST_REACH_SHARED, NULL},
	{"container: the shared mount point itself", HOST, CONTAINER, "/mnt",
         HOST_REACH_SHARED, NULL},
	{"container: a part of a shared mount", HOST, CONTAINER, "/var/lib/kubelet/x",
         HOST_REACH_SHARED, NULL},
	{"container: private", HOST, CONTAINER, "/var/lib/data", HOST_REACH_NONE,
         "/mnt, /var/lib/kubelet"},
	{"container: its root", HOST, CONTAINER, "/data", HOST_REACH_NONE,
         "/mnt, /var/lib/kubelet"},
	{"container: a slave propagates nothing back", HOST, CONTAINER, "/opt/data",
         HOST_REACH_NONE, "/mnt, /var/lib/kubelet"},
	{"container: mounted over", HOST,
         CONTAINER "115 111 0:9 / /.bottlerocket/rootfs/mnt/x rw - tmpfs t rw\n",
         "/mnt/x/data", HOST_REACH_NONE, "/mnt, /var/lib/kubelet"},
	{"container: the host has another there",
         HOST "24 20 0:9 / /mnt/x rw - tmpfs t rw\n", CONTAINER, "/mnt/x/data",
         HOST_REACH_NONE, "/mnt, /var/lib/kubelet"},
	{"container: the host is a slave of it",
         "20 1 8:2 / /mnt rw master:5 - xfs s rw\n",
         "110 101 8:1 / /.bottlerocket/rootfs ro - ext4 /dev/root rw\n"
         "111 110 8:2 / /.bottlerocket/rootfs/mnt rw shared:5 - xfs s rw\n",
         "/mnt/data", HOST_REACH_SHARED, NULL},
	{"another group", HOST,
         "110 101 8:1 / /.bottlerocket/rootfs ro - ext4 /dev/root rw\n"
         "111 110 8:2 / /.bottlerocket/rootfs/mnt rw shared:15 - xfs s rw\n",
         "/mnt/data", HOST_REACH_NONE, ""},
	{"the same namespace, shared", "20 1 8:2 / /mnt rw shared:5 - xfs s rw\n",
         "1 101 8:1 / / rw shared:1 - ext4 /dev/root rw\n"
         "20 1 8:2 / /mnt rw shared:5 - xfs s rw\n",
         "/mnt/data", HOST_REACH_SAME, NULL},
	{"a container without the host's root", HOST, "", "/mnt/data", HOST_REACH_NONE,
         ""},
};

static void test_reach(void **state)
{
	const struct reach_row *row = *state;
	enum host_reach reach;
	char *where = NULL;
	struct err e = {0};

	drives_mounts(row->host, row->own);
	assert_int_equal(
		host_mounts_reach(&tmproot.host, row->target, &reach, &where, &e), 0);
	keep_text(where);
	assert_int_equal(reach, row->reach);
	assert_text(where, row->where);
}

static void test_reach_same_private(void **state)
{
	enum host_reach reach;
	char *where = NULL;
	struct err e = {0};

	(void)state;
	tmproot_write("/proc/1/mountinfo", "1 0 8:1 / / rw - ext4 /dev/root rw\n");
	tmproot_write("/proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/root rw\n");
	assert_int_equal(host_mounts_reach(&tmproot.host, "/x", &reach, &where, &e), 0);
	assert_int_equal(reach, HOST_REACH_SAME);
}

/* --- mount points ------------------------------------------------------------------ */

static const struct target_row {
	const char *name, *path;
	int code;
	const char *text;
} target_rows[] = {
	{"a directory", "/mnt/data", 0, NULL},
	{"does not exist", "/mnt/new", -ENOENT, "open /mnt/new: at \"new\""},
	{"nor does its parent", "/a/b/c", -ENOENT, "at \"a\""},
	{"a link at the end", "/mnt/link", -ELOOP,
         "/mnt/link: \"link\" is a symbolic link"},
	{"a link on the way", "/mnt/link/x", -ELOOP, "\"link\" is a symbolic link"},
	{"a link that leads nowhere", "/mnt/dangling", -ELOOP,
         "\"dangling\" is a symbolic"},
	{"a file", "/mnt/file", -ENOTDIR, "\"file\" is not a directory"},
	{"below a file", "/mnt/file/x", -ENOTDIR, "\"file\" is not a directory"},
};

static void test_target(void **state)
{
	const struct target_row *row = *state;
	struct err e = {0};
	int fd;

	tmproot_dir("/mnt/data");
	tmproot_link("/mnt/link", "data");
	tmproot_link("/mnt/dangling", "nowhere");
	tmproot_write("/mnt/file", "");
	fd = host_mount_open_target(&tmproot.host, row->path, &e);
	if (row->code) {
		assert_int_equal(fd, row->code);
		assert_part(e.text, row->text);
	} else {
		assert_true(fd >= 0);
		(void)close(fd);
	}
}

/* A user who cannot write to the parent sees that the mount point does not exist. */
static void test_target_of_user(void **state)
{
	struct err e = {0};
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	tmproot_dir("/mnt");
	assert_int_equal(chmod(tmproot.path, 0755), 0);
	assert_int_equal(seteuid(65534), 0);
	fd = host_mount_open_target(&tmproot.host, "/mnt/new", &e);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(fd, -ENOENT);
	assert_part(e.text, "open /mnt/new: at \"new\": No such file");
}

/* The mount table of this machine is not that of a captured tree. */
static void test_attach_captured(void **state)
{
	struct err e = {0};
	const char *before;

	(void)state;
	tmproot_dir("/mnt/data");
	before = tmproot_snapshot();
	assert_int_equal(
		host_mount_attach(&tmproot.host, "tmpfs", "/mnt/x", "tmpfs", "ro", &e),
		-ENOTSUP);
	assert_part(e.text, "is a captured tree, not a live host");
	assert_int_equal(
		host_mount_remount(&tmproot.host, "/dev/x", "/mnt/data", "ro", &e),
		-ENOTSUP);
	assert_int_equal(host_mount_bind(&tmproot.host, "/mnt/data", "/mnt/data", &e),
	                 -ENOTSUP);
	assert_int_equal(host_mount_detach(&tmproot.host, "/dev/none", "/mnt/data", &e),
	                 -ENOTSUP);
	assert_string_equal(tmproot_snapshot(), before);
}

/* Nothing is mounted or made behind a link. */
static void test_attach_link(void **state)
{
	struct err e = {0};
	const char *before;

	(void)state;
	tmproot_dir("/mnt/data");
	tmproot_link("/mnt/link", "data");
	tmproot.host.live = true;
	before = tmproot_snapshot();
	assert_int_equal(host_mount_attach(&tmproot.host, "/dev/nvme0n1", "/mnt/link/x",
	                                   "xfs", "noatime", &e),
	                 -ELOOP);
	assert_part(e.text, "mount /dev/nvme0n1 at /mnt/link/x: ");
	assert_int_equal(host_mount_detach(&tmproot.host, "/dev/none", "/mnt/link/x", &e),
	                 -ELOOP);
	assert_int_equal(
		host_mount_remount(&tmproot.host, "/dev/x", "/mnt/link", "ro", &e),
		-ELOOP);
	assert_string_equal(tmproot_snapshot(), before);
}

/* The kernel's error is passed on, and the child's exit does not hang. */
static void test_attach_fails(void **state)
{
	struct err e = {0};
	int r;

	(void)state;
	tmproot_dir("/mnt/data");
	r = host_mount_attach(&tmproot.host, "/dev/none", "/mnt/data", "xfs", "", &e);
	assert_true(r < 0);
	assert_part(e.text, "mount /dev/none at /mnt/data: ");
	assert_true(host_mount_detach(&tmproot.host, "/dev/none", "/mnt/data", &e) < 0);
	assert_part(e.text, "unmount /mnt/data");
}

#define UP     "20 1 259:0 / /mnt rw - xfs x rw\n"
#define SUB(l) UP "21 1 " l " rw - xfs x rw\n"

static const struct seen_row {
	const char *name, *lines, *source, *target;
	const char *problem; /* NULL: it is seen */
} seen_rows[] = {
	{"a drive", UP, "/dev/nvme0n1", "/mnt", NULL},
	{"another drive", "20 1 259:1 / /mnt rw - xfs x rw\n", "/dev/nvme0n1", "/mnt",
         "x (xfs) is mounted there instead"},
	{"a directory of the drive", "20 1 259:0 /a /mnt rw - xfs x rw\n", "/dev/nvme0n1",
         "/mnt", "x (xfs) is mounted there instead"},
	{"something on top", UP LINE(21, 20, "/mnt"), "/dev/nvme0n1", "/mnt",
         "s (t) is mounted there instead"},
	{"nothing", "", "/dev/nvme0n1", "/mnt", "nothing is mounted there"},
	{"a drive that is gone", UP, "/dev/none", "/mnt", "open /dev/none"},
	{"a word", "20 1 0:5 / /mnt rw - nfsd nfsd rw\n", "nfsd", "/mnt", NULL},
	{"another word", "20 1 0:5 / /mnt rw - nfsd x rw\n", "nfsd", "/mnt",
         "x (nfsd) is mounted there instead"},
	{"a bind", SUB("259:0 /._a /srv"), "/mnt/._a", "/srv", NULL},
	{"a bind of another directory", SUB("259:0 /b /srv"), "/mnt/._a", "/srv",
         "x (xfs) is mounted there instead"},
	{"a bind of a directory in it", SUB("259:0 /._a/b /srv"), "/mnt/._a", "/srv",
         "x (xfs) is mounted there instead"},
	{"a bind of a removed directory", SUB("259:0 /._a//deleted /srv"), "/mnt/._a",
         "/srv", "x (xfs) is mounted there instead"},
	{"a bind of another file system", UP "21 1 0:9 /._a /srv rw - tmpfs x rw\n",
         "/mnt/._a", "/srv", "x (tmpfs) is mounted there instead"},
	{"a bind of a directory of a bind",
         "20 1 259:0 /b /mnt rw - xfs x rw\n21 1 259:0 /b/._a /srv rw - xfs x rw\n",
         "/mnt/._a", "/srv", NULL},
};

static void test_seen(void **state)
{
	const struct seen_row *row = *state;
	struct err e = {0};
	int r;

	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	tmproot_write("/dev/nvme0n1", "");
	tmproot_dir("/mnt/._a");
	tmproot_dir("/srv");
	drives_mounts(row->lines, "");
	r = host_mount_check_seen(&tmproot.host, row->source, row->target, &e);
	if (row->problem)
		assert_part(e.text, row->problem);
	assert_int_equal(r < 0, row->problem != NULL);
	/* a live host has no files instead of drives */
	if (!row->problem || strncmp(row->source, "/dev/", 5) == 0)
		return;
	/* nothing is unmounted or changed instead */
	tmproot.host.live = true;
	assert_int_equal(host_mount_detach(&tmproot.host, row->source, row->target, &e),
	                 r);
	assert_part(e.text, row->problem);
	assert_int_equal(
		host_mount_remount(&tmproot.host, row->source, row->target, "ro", &e), r);
	assert_part(e.text, row->problem);
}

/* A bind of the directory or of what is in it, wherever it is. */
static void test_bind_of(void **state)
{
	(void)state;
	read_host(
		SUB("259:0 /._ab /srv/ab") "22 1 259:1 /._a /srv/other rw - xfs y rw\n");
	assert_null(host_mounts_bind_of(&mounts, "/mnt/._a"));
	host_mounts_done(&mounts);
	read_host(SUB("259:0 /._a/x /srv/x"));
	assert_string_equal(host_mounts_bind_of(&mounts, "/mnt/._a")->target, "/srv/x");
	host_mounts_done(&mounts);
	read_host(SUB("259:0 /._a /srv"));
	assert_string_equal(host_mounts_bind_of(&mounts, "/mnt/._a")->target, "/srv");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "one line", test_line);
	suite_rows(&s, find_rows, test_find);
	suite_rows(&s, walk_rows, test_walk);
	suite_test(&s, "many mounts", test_many);
	suite_test(&s, "of a text", test_text);
	suite_test(&s, "no table", test_no_table);
	suite_rows(&s, reach_rows, test_reach);
	suite_test(&s, "the same namespace, private", test_reach_same_private);
	suite_rows(&s, target_rows, test_target);
	suite_test(&s, "mount point, as a user", test_target_of_user);
	suite_test(&s, "attach to a captured tree", test_attach_captured);
	suite_test(&s, "attach behind a link", test_attach_link);
	suite_test(&s, "attach a missing device", test_attach_fails);
	suite_rows(&s, seen_rows, test_seen);
	suite_test(&s, "binds of a directory", test_bind_of);
	return suite_run(&s);
}
