/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Directories to bind to an item's file system; tests/vm covers the binds themselves. */
#include "base/mem.h"
#include "doc/node.h"
#include "drives.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "resource.h"
#include "resource/kinds.h"
#include "storage/mount/bind_copy.h"
#include "storage/mount/bind_target.h"
#include "test.h"
#include "tmproot.h"

#include <string.h>

/* --- the profile, loaded by the engine ------------------------------------------------
 */

static const struct parse_row {
	const char *name;  /* keys of the item */
	const char *wants; /* "name: want;" of each bind */
	const char *diag;
} parse_rows[] = {
	{"mount: /mnt/data, bind: []", "", ""},
	{"mount: /mnt/data, bind: [/var/lib/kubelet]",
         "/var/lib/kubelet: /mnt/data/._var_lib_kubelet;", ""},
	{"mount: /m, bind: [/a, /b/c], options: [noatime, logbsize=64k, nodev]",
         "/a: /m/._a noatime,nodev;/b/c: /m/._b_c noatime,nodev;", ""},
	{"mount: /m, bind: [/a, /a/b], move: true", "/a: /m/._a;/a/b: /m/._a_b;", ""},
	{"bind: [/a]", "", "bind: requires mount"},
	{"mount: /m, bind: /a", "", "bind: is a single value, should be a list"},
	{"mount: /m, bind: [[/a]]", "", "bind: each item should be one word"},
	{"mount: /m, bind: [a]", "-", "bind: must be an absolute path below /"},
	{"mount: /m, bind: [/a/../b]", "-", "bind: contains \".\" or \"..\""},
	{"mount: /m, bind: [/m/x]", "-", "bind \"/m/x\": is already on the file system"},
	{"mount: /m/x, bind: [/m]", "-", "bind \"/m\": contains the mount point /m/x"},
	{"mount: /m/x, bind: [/m/xy]", "/m/xy: /m/x/._m_xy;", ""},
	{"mount: /m, bind: [/a, /a]", "-",
         "bind \"/a\": mount /a is already used by \"/a\""},
	{"mount: /m, bind: [/a/b, /a]", "-",
         "bind \"/a\": would hide \"/a/b\" (list the parent directory first)"},
	{"mount: /m, bind: [/a/b_c, /a/b/c]", "-",
         "bind \"/a/b/c\": uses the same directory as \"/a/b_c\": /m/._a_b_c"},
	{"mount: /m, bind: [/a], options: [ro]", "-",
         "the file system is mounted read-only"},
	{"mount: /m, bind: [/a], move: maybe", "-",
         "move \"maybe\": should be true or false"},
};

static struct profile profile;

static int teardown(void **state)
{
	profile_done(&profile);
	return tmproot_teardown(state);
}

static void load(const char *item, struct diagnostics *diag)
{
	static const struct facts none = {.unknown = true};
	const char *name = keep_text(mem_format("%s/profile.yaml", tmproot.outside));

	tmproot_write("../outside/profile.yaml",
	              keep_text(mem_format("version: 1\nstorage:\n  - {name: data, %s}\n",
	                                   item)));
	(void)profile_load(&profile, &name, 1, NULL, &none, diag);
}

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	char *wants = mem_dup("");

	load(row->name, diag);
	for (size_t i = 0; i < profile.n; i++) {
		const struct resource *r = profile.resources[i];

		if (r->kind != &kind_bind)
			continue;
		assert_string_equal(r->spec.depends_on->name, "data");
		assert_ptr_equal(r->spec.depends_on->kind, &kind_mount);
		mem_set(&wants, mem_format("%s%s: %s;", wants, r->name, r->spec.want));
	}
	keep_text(wants);
	if (*row->diag)
		assert_part(diagnostics_text(diag), row->diag);
	else
		assert_string_equal(diagnostics_text(diag), "");
	if (strcmp(row->wants, "-") != 0)
		assert_string_equal(wants, row->wants);
}

/* --- current state --------------------------------------------------------------------
 */

#define UP     "20 1 259:0 / /mnt/data rw,noatime - xfs /dev/nvme0n1 rw\n"
#define BOUND  UP "21 1 259:0 /._srv_a /srv/a rw,noatime - xfs /dev/nvme0n1 rw\n"
#define PLAIN  UP "21 1 259:0 /._srv_a /srv/a rw,relatime - xfs /dev/nvme0n1 rw\n"
#define THEIRS UP "21 1 259:0 /kubelet /srv/a rw,noatime - xfs /dev/nvme0n1 rw\n"
#define OTHER  UP "21 1 0:9 / /srv/a rw - tmpfs tmp rw\n"
#define BELOW  UP "21 1 0:9 / /srv/a/x rw - tmpfs tmp rw\n"

#define A    "{mount: /mnt/data, bind: [/srv/a], options: [noatime]}"
#define MOVE "{mount: /mnt/data, bind: [/srv/a], options: [noatime], move: true}"
#define NEW  "drift NotBound now=NULL: is not on /mnt/data"

static const struct diff_row {
	const char *name;
	const char *host, *own; /* mount tables; own NULL: running on the host */
	const char *item;
	const char *files[2]; /* existing files */
	enum state on;
	const char *reported;
} diff_rows[] = {
	{"not bound", UP, NULL, A, {0}, STATE_OK, NEW},
	{"just mounted", UP, NULL, A, {0}, STATE_CHANGED, NEW},
	{"not mounted yet",
         "",
         NULL,
         A,
         {0},
         STATE_DRIFT,
         "pending Waits now=NULL: /mnt/data is not mounted yet"},
	{"no drive",
         "",
         NULL,
         A,
         {0},
         STATE_SKIPPED,
         "skipped NoDisks now=NULL: its drive is missing"},
	{"bound",
         BOUND,
         NULL,
         A,
         {"/srv/a/below"},
         STATE_OK,
         "ok  now=/mnt/data/._srv_a rw,noatime: "},
	{"bound by another, to another place",
         THEIRS,
         NULL,
         A,
         {0},
         STATE_OK,
         "ok  now=/mnt/data/kubelet rw,noatime: "},
	{"the directory that was bound is removed",
         UP "21 1 259:0 /._srv_a//deleted /srv/a rw - xfs /dev/nvme0n1 rw\n",
         NULL,
         A,
         {0},
         STATE_OK,
         "refused TargetInUse now=a removed directory of /dev/nvme0n1 (xfs) rw: a removed "
         "directory of /dev/nvme0n1 (xfs) is mounted there"},
	{"other flags",
         PLAIN,
         NULL,
         A,
         {0},
         STATE_OK,
         "drift OptionsDiffer now=/mnt/data/._srv_a rw,relatime: bound without noatime"},
	{"other flags, in a container",
         PLAIN,
         "",
         A,
         {0},
         STATE_OK,
         "failed OptionsDiffer now=/mnt/data/._srv_a rw,relatime: bound without "
         "noatime, but a container cannot change the flags of the host's mount"},
	{"something else is mounted",
         OTHER,
         NULL,
         A,
         {0},
         STATE_OK,
         "refused TargetInUse now=tmp (tmpfs) rw: tmp (tmpfs) is mounted there"},
	{"a mount below it",
         BELOW,
         NULL,
         MOVE,
         {0},
         STATE_OK,
         "refused TargetInUse now=NULL: a file system is mounted below it, at /srv/a/x"},
	{"not empty",
         UP,
         NULL,
         A,
         {"/srv/a/file"},
         STATE_OK,
         "refused TargetNotEmpty now=NULL: the directory is not empty"},
	{"not empty, nothing mounted",
         "",
         NULL,
         A,
         {"/srv/a/file"},
         STATE_DRIFT,
         "refused TargetNotEmpty "},
	{"not empty, with move",
         UP,
         NULL,
         MOVE,
         {"/srv/a/file"},
         STATE_OK,
         NEW "; its content would be copied"},
	{"not empty, and neither is the source",
         UP,
         NULL,
         MOVE,
         {"/srv/a/file", "/mnt/data/._srv_a/file"},
         STATE_OK,
         "refused TargetNotEmpty now=NULL: the directory changed after it was copied to "
         "/mnt/data/._srv_a, or was never copied"},
	{"empty, and the source is not",
         UP,
         NULL,
         MOVE,
         {"/mnt/data/._srv_a/file"},
         STATE_OK,
         NEW},
	{"not visible on the host",
         UP,
         "",
         A,
         {0},
         STATE_OK,
         "refused TargetNotShared now=NULL: a bind made here would not be visible on the "
         "host"},
	{"not visible on the host, nothing mounted",
         "",
         "",
         A,
         {0},
         STATE_DRIFT,
         "refused TargetNotShared "},
	{"not visible on the host, and no API",
         "",
         "",
         "{mount: /mnt/.ephemeral, bind: [/srv/a]}",
         {0},
         STATE_DRIFT,
         "refused TargetNotShared now=NULL: a bind made here would not be visible on "
         "the host, and this host has no Bottlerocket API"},
	{"behind a link",
         UP,
         NULL,
         "{mount: /mnt/data, bind: [/link/a]}",
         {0},
         STATE_OK,
         "refused TargetUnsafe now=NULL: /link/a: \"link\" is a symbolic link"},
	{"a file",
         UP,
         NULL,
         "{mount: /mnt/data, bind: [/file]}",
         {"/file"},
         STATE_OK,
         "refused TargetUnsafe now=NULL: /file: \"file\" is not a directory"},
	{"a directory that does not exist",
         UP,
         NULL,
         "{mount: /mnt/data, bind: [/srv/new]}",
         {0},
         STATE_OK,
         NEW},
};

static struct resource *new_bind(const char *item, enum state on)
{
	const struct node *n = yaml(item);
	const char *dir = node_get(n, "bind")->items[0]->text;
	struct resource *drive = resource_new(&kind_filesystem, "data: {}", NULL);
	struct resource *mount =
		resource_new(&kind_mount, keep_text(mem_format("data: %s", item)), NULL);
	struct resource *r = resource_new(
		&kind_bind, keep_text(mem_format("%s: %s", dir, item)), NULL);

	drive->seen.device = mem_dup("/dev/nvme0n1");
	mount->spec.depends_on = drive;
	mount->run.change.state = on;
	mount->run.change.reason = on == STATE_SKIPPED ? REASON_NO_DISKS : REASON_NONE;
	r->spec.depends_on = mount;
	r->run.waits = on == STATE_DRIFT ? r : NULL;
	return r;
}

static void test_diff(void **state)
{
	const struct diff_row *row = *state;
	struct resource *r;
	const char *before;

	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	tmproot_write("/dev/nvme0n1", "");
	tmproot_dir("/srv/a");
	tmproot_dir("/mnt/data");
	tmproot_link("/link", "srv");
	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i]; i++)
		tmproot_write(row->files[i], "x");
	drives_mounts(row->host, row->own ? row->own : "");
	if (!row->own)
		tmproot_write("/proc/self/mountinfo", tmproot_read("/proc/1/mountinfo"));
	r = new_bind(row->item, row->on);
	before = tmproot_snapshot();
	assert_part(resource_reported(r), row->reported);
	assert_part(resource_reported(r), row->reported);
	assert_string_equal(tmproot_snapshot(), before);
}

/* --- copies ---------------------------------------------------------------------------
 */

#define COPY "/mnt/data/._srv_a"

/*
 * A rollback removes a copy only while it is one, and nobody uses it. What a program
 * wrote to it exists nowhere else.
 */
static const struct drop_row {
	const char *name;
	const char *mounts;
	const char *file;    /* in the directory, before the copy; NULL: nothing */
	const char *writes;  /* this file, afterwards; NULL: nothing */
	const char *problem; /* NULL: it is removed */
} drop_rows[] = {
	{"a copy", UP, "/srv/a/file", NULL, NULL},
	{"an empty directory", UP, NULL, NULL, NULL},
	{"a new file", UP, "/srv/a/file", COPY "/new",
         COPY
         " is not removed: it differs from /srv/a, and may hold what was written to it"},
	{"a changed file", UP, "/srv/a/file", COPY "/file",
         COPY " is not removed: it differs"},
	{"a new file in an empty directory", UP, NULL, COPY "/new",
         COPY " is not removed: it differs"},
	{"a changed original", UP, "/srv/a/file", "/srv/a/file",
         COPY " is not removed: it differs"},
	{"bound", BOUND, "/srv/a/file", NULL,
         COPY " is not removed: it is mounted at /srv/a"},
	{"unknown", NULL, "/srv/a/file", NULL,
         COPY " is not removed: open /proc/1/mountinfo"},
};

static void test_drop(void **state)
{
	const struct drop_row *row = *state;
	struct bind_copy copy = {0};
	const char *made;
	struct err e = {0};

	tmproot_dir("/srv/a");
	tmproot_dir("/mnt/data");
	if (row->file)
		tmproot_write(row->file, "x");
	assert_int_equal(
		bind_copy_make(&copy, &tmproot.host, "/srv/a", COPY, row->file, &e), 0);
	if (row->writes)
		tmproot_write(row->writes, "later");
	if (row->mounts)
		drives_mounts(row->mounts, "");
	else
		tmproot_remove("/proc/1/mountinfo");
	made = tmproot_snapshot();
	if (row->problem) {
		assert_true(bind_copy_drop(&copy, &tmproot.host, "/srv/a", COPY, &e) < 0);
		assert_part(e.text, row->problem);
		assert_string_equal(tmproot_snapshot(), made);
	} else {
		assert_int_equal(bind_copy_drop(&copy, &tmproot.host, "/srv/a", COPY, &e),
		                 0);
		assert_null(strstr(tmproot_contents(), COPY));
	}
}

/* A directory that an earlier run made is not removed. */
static void test_drop_earlier(void **state)
{
	struct bind_copy copy = {0};
	struct err e = {0};

	(void)state;
	tmproot_dir("/srv/a");
	tmproot_dir(COPY);
	assert_int_equal(bind_copy_make(&copy, &tmproot.host, "/srv/a", COPY, false, &e),
	                 0);
	assert_int_equal(bind_copy_drop(&copy, &tmproot.host, "/srv/a", COPY, &e), 0);
	assert_non_null(strstr(tmproot_contents(), COPY));
}

/* What happens to the directory and its copy before the next run. */
static const struct again_row {
	const char *name;
	const char *writes; /* a file; NULL: nothing */
	const char *removes;
	bool hides; /* a bind would hide what was not copied */
} again_rows[] = {
	{"nothing", NULL, NULL, false},
	{"a new file in the copy", COPY "/new", NULL, false},
	{"a changed file in the copy", COPY "/file", NULL, false},
	{"a removed file in the copy", NULL, COPY "/dir/file", false},
	{"a new file in the original", "/srv/a/new", NULL, true},
	{"a changed file in the original", "/srv/a/dir/file", NULL, true},
	{"a removed file in the original", NULL, "/srv/a/file", true},
};

static void test_again(void **state)
{
	const struct again_row *row = *state;
	struct bind_copy copy = {0};
	struct err e = {0};

	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	tmproot_write("/dev/nvme0n1", "");
	tmproot_write("/srv/a/file", "x");
	tmproot_write("/srv/a/dir/file", "x");
	tmproot_dir("/mnt/data");
	drives_mounts(UP, "");
	tmproot_write("/proc/self/mountinfo", tmproot_read("/proc/1/mountinfo"));
	assert_int_equal(bind_copy_make(&copy, &tmproot.host, "/srv/a", COPY, true, &e),
	                 0);
	if (row->writes)
		tmproot_write(row->writes, "x");
	if (row->removes)
		tmproot_remove(row->removes);
	assert_part(resource_reported(new_bind(MOVE, STATE_OK)),
	            row->hides ? "refused TargetNotEmpty" : NEW);
}

/* A directory that was not examined is not bound. */
static void test_unknown(void **state)
{
	const struct bind_target_spec spec = {.dir = "/srv/a", .mount = "/mnt/data"};
	const struct bind_target unknown = {0};
	struct change c = {0};

	(void)state;
	assert_true(bind_target_refuse(&unknown, &spec, &c));
	assert_int_equal(c.state, STATE_REFUSED);
	assert_int_equal(c.reason, REASON_TARGET_NOT_SHARED);
	change_clear(&c);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_rows(&s, diff_rows, test_diff);
	suite_test(&s, "not examined", test_unknown);
	suite_rows(&s, again_rows, test_again);
	suite_rows(&s, drop_rows, test_drop);
	suite_test(&s, "a rollback, and an earlier directory", test_drop_earlier);
	return suite_run(&s);
}
