/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Files of a captured tree. tests/vm/sysfs.sh has those of real kernels. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/recorded.h"
#include "resource.h"
#include "resource/kinds.h"
#include "sysfs/sysfs.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *below_root(const char *path)
{
	return keep_text(mem_format("%s%s", tmproot.path, path));
}

static void make_world(void)
{
	tmproot_write("/sys/a/one", "32\n");
	tmproot_write("/sys/a/choice", "always [madvise] never\n");
	tmproot_write("/sys/a/flag", "N\n");
	tmproot_write("/sys/a/empty", "");
	tmproot_write("/sys/a/trigger", "");
	assert_int_equal(chmod(below_root("/sys/a/trigger"), 0200), 0);
	tmproot_write("/sys/a/fact", "7\n");
	assert_int_equal(chmod(below_root("/sys/a/fact"), 0444), 0);
	tmproot_write("/sys/module/brd/parameters/rd_nr", "16\n");
	assert_int_equal(chmod(below_root("/sys/module/brd/parameters/rd_nr"), 0444), 0);
	tmproot_write("/sys/a/binary", "\x01\x02");
	tmproot_write("/sys/devices/d0/x", "1\n");
	tmproot_write("/sys/devices/d1/x", "2\n");
	tmproot_write("/sys/devices/d1/delete", "");
	tmproot_write("/sys/devices/.hidden/x", "3\n");
	tmproot_dir("/sys/devices/d2");
	tmproot_dir("/sys/class/c");
	tmproot_link("/sys/class/c/d0", "../../devices/d0");
	tmproot_link("/sys/class/c/again", "../../devices/d0");
	tmproot_link("/sys/class/c/out", "../../../etc");
	tmproot_write("/etc/x", "9\n");
	tmproot_link("/sys/class/c/gone", "../../devices/d9");
}

static struct resource *new_sysfs(const char *text)
{
	return resource_new(&kind_sysfs, text, NULL);
}

/* --- states --------------------------------------------------------------------------
 */

static const struct state_row {
	const char *title, *text, *reported;
} state_rows[] = {
	{"drift", "/sys/a/one: 16",
         "drift LiveDiffers now=32: /sys/a/one is 32, should be 16"},
	{"in sync", "/sys/a/one: 0x20", "ok  now=32: "},
	{"bound", "/sys/a/one: {min: 16}", "ok  now=32: "},
	{"choice", "/sys/a/choice: never",
         "drift LiveDiffers now=madvise: /sys/a/choice is madvise, should be never"},
	{"choice in sync", "/sys/a/choice: madvise", "ok  now=madvise: "},
	{"no such choice", "/sys/a/choice: maybe",
         "failed ValueUnavailable now=madvise: /sys/a/choice has no \"maybe\"; "
         "available: always madvise never"},
	{"bound of a choice", "/sys/a/choice: {max: 3}",
         "failed ValueUnavailable now=madvise: /sys/a/choice shows \"madvise\", which is "
         "no number that a bound could be compared with"},
	{"flag", "/sys/a/flag: true",
         "drift LiveDiffers now=N: /sys/a/flag is N, should be Y"},
	{"empty file", "/sys/a/empty: 1",
         "drift LiveDiffers now=: /sys/a/empty is empty, should be 1"},
	{"empty value", "/sys/a/empty: ''", "ok  now=: "},
	{"write-only", "/sys/a/trigger: 1",
         "refused WriteOnly now=NULL: /sys/a/trigger: write-only: its current value "
         "cannot be read"},
	{"read-only and right", "/sys/a/fact: 7", "ok  now=7: "},
	{"read-only", "/sys/a/fact: 8",
         "failed ReadOnlyFile now=7: /sys/a/fact is 7, should be 8, and can only be read"},
	{"no text", "/sys/a/binary: 1",
         "failed NotReadable now=NULL: read /sys/a/binary: is no text"},
	{"directory", "/sys/a: 1", "failed NotReadable now=NULL: /sys/a: is a directory"},
	{"absent", "/sys/a/none: 1",
         "failed NoSuchFile now=NULL: this node has no /sys/a/none"},
	{"absent and optional", "/sys/a/none: {value: 1, optional: true}",
         "skipped NotSupported now=NULL: this node has no /sys/a/none, which is "
         "optional"},
	{"a part is no directory", "/sys/a/one/two: 1",
         "failed NoSuchFile now=NULL: this node has no /sys/a/one/two"},
	{"pattern", "/sys/devices/*/x: 1",
         "drift LiveDiffers now=1 (1), 2 (1): /sys/devices/d1/x is 2, should be 1"},
	{"pattern of all", "/sys/devices/*/x: {min: 1}", "ok  now=1 (1), 2 (1): "},
	{"pattern of one", "/sys/devices/d[!1]/x: 1", "ok  now=1: "},
	{"pattern without a match", "/sys/devices/e*/x: 1",
         "skipped NoFileMatches now=NULL: no file matches"},
	{"pattern in a directory that is absent", "/sys/none/*/x: 1",
         "skipped NoFileMatches now=NULL: no file matches"},
	{"pattern that matches an action", "/sys/devices/d1/*: 2",
         "refused FileRefused now=NULL: /sys/devices/d1/delete: hosttune does not write "
         "it: it removes devices"},
	{"links to one file are one", "/sys/class/c/[!o]*/x: 1", "ok  now=1: "},
	{"a link out of /sys", "/sys/class/c/out/x: 1",
         "refused FileRefused now=NULL: /etc/x: hosttune does not write it: it lies "
         "outside of /sys"},
};

static void test_states(void **state)
{
	const struct state_row *row = *state;

	make_world();
	assert_string_equal(resource_reported(new_sysfs(row->text)), row->reported);
}

static void test_remedies(void **state)
{
	struct resource *r;

	(void)state;
	make_world();
	r = new_sysfs("/sys/module/brd/parameters/rd_nr: 4");
	assert_part(resource_reported(r), "failed ReadOnlyFile");
	assert_string_equal(r->run.change.remedy,
	                    "set it when the module is loaded: brd.rd_nr=4 on the "
	                    "kernel's command line, or options of modprobe.d");
	r = new_sysfs("/sys/a/one: a b");
	assert_part(resource_reported(r), "drift ");
	assert_string_equal(r->run.change.remedy, "echo 'a b' > /sys/a/one");
}

/* --- many, slow and restless files ---------------------------------------------------
 */

static void test_too_many(void **state)
{
	(void)state;
	for (int i = 0; i <= SYSFS_FILES_MAX; i++)
		tmproot_write(keep_text(mem_format("/sys/many/%d", i)), "1\n");
	assert_string_equal(
		resource_reported(new_sysfs("/sys/many/*: 1")),
		"refused TooManyFiles now=NULL: /sys/many/* matches more than 1024 "
		"files, or looks into more than 16384 directories");
	tmproot_remove("/sys/many/0");
	assert_string_equal(resource_reported(new_sysfs("/sys/many/*: 1")),
	                    "ok  now=1: ");
}

/* Nobody writes to a pipe: a reader would wait for ever. */
static void test_blocks(void **state)
{
	struct resource *r = new_sysfs("/sys/a/pipe: 1");
	int64_t began = clock_ms();

	(void)state;
	tmproot_dir("/sys/a");
	assert_int_equal(mkfifo(below_root("/sys/a/pipe"), 0644), 0);
	tmproot.host.deadline = deadline_in_ms(300);
	assert_part(resource_reported(r),
	            "failed NotReadable now=NULL: read /sys/a/pipe: ");
	tmproot.host.deadline = (struct deadline){0};
	assert_true(clock_ms() - began < 5000);
}

/* Write to the file until killed: each look sees another number. */
static pid_t start_writer(const char *path)
{
	pid_t pid = fork();
	int fd;

	if (pid != 0)
		return pid;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	for (unsigned i = 0;; i++) {
		if (dprintf(fd, "%u\n", 1000 + i % 9000) != 5 ||
		    lseek(fd, 0, SEEK_SET) != 0)
			_exit(1);
		(void)usleep(1000);
	}
}

static void test_changes_by_itself(void **state)
{
	struct resource *r = new_sysfs("/sys/a/counter: 1");
	pid_t writer;

	(void)state;
	tmproot_write("/sys/a/counter", "1000\n");
	writer = start_writer(below_root("/sys/a/counter"));
	assert_true(writer > 0);
	(void)resource_reported(r);
	assert_int_equal(kill(writer, SIGKILL), 0);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	assert_string_equal(reason_word(r->run.change.reason), "ChangesByItself");
	assert_int_equal(r->run.change.state, STATE_FAILED);
	assert_part(r->run.change.message, "it changes by itself");
}

/* --- writing -------------------------------------------------------------------------
 */

static void test_apply(void **state)
{
	struct resource *r = new_sysfs("/sys/devices/*/x: 1");
	struct err e;

	(void)state;
	make_world();
	assert_part(resource_reported(r), "drift ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read("/sys/devices/d1/x"), "1\n");
	assert_string_equal(tmproot_read("/sys/devices/.hidden/x"), "3\n");
	assert_string_equal(resource_reported(r), "ok  now=1: ");
	assert_int_equal(kind_sysfs.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read("/sys/devices/d1/x"), "2\n");
	assert_part(resource_reported(r), "drift ");
}

/* A path through a link is written, too, as the file that it leads to. */
static void test_link(void **state)
{
	struct resource *r = new_sysfs("/sys/class/c/d0/x: 5");
	struct err e;

	(void)state;
	make_world();
	assert_part(resource_reported(r), "drift ");
	assert_string_equal(keep_text(kind_sysfs.files(r, &tmproot.host)),
	                    "/sys/devices/d0/x");
	assert_string_equal(keep_text(kind_sysfs.files(r, NULL)), "/sys/class/c/d0/x");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read("/sys/devices/d0/x"), "5\n");
}

/* A device that is removed between look and write has nothing to write. */
static void test_vanishes(void **state)
{
	struct resource *r = new_sysfs("/sys/devices/*/x: 3");
	struct err e;

	(void)state;
	make_world();
	assert_part(resource_reported(r), "drift ");
	tmproot_remove("/sys/devices/d1/x");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(resource_reported(r), "ok  now=3: ");
	assert_int_equal(kind_sysfs.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read("/sys/devices/d0/x"), "1\n");
}

/* What the kernel makes of a value is read right after the write, and only then. */
static void test_rounds(void **state)
{
	struct resource *r = new_sysfs("/sys/a/one: 1000");
	struct err e;

	(void)state;
	make_world();
	assert_part(resource_reported(r), "drift ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	tmproot_write("/sys/a/one", "1024\n");
	assert_string_equal(resource_reported(r),
	                    "failed NotKept now=1024: /sys/a/one: wrote 1000, and the "
	                    "kernel made it 1024");
	assert_string_equal(r->run.change.remedy,
	                    "write 1024 in the profile if that is right");
	assert_part(resource_reported(r), "drift LiveDiffers");
}

/* --- revert --------------------------------------------------------------------------
 */

static void test_undo(void **state)
{
	struct resource *r = new_sysfs("/sys/class/c/*/x: 4");
	struct undo_values v = {0};
	char *value = NULL;
	struct err e;

	(void)state;
	make_world();
	tmproot_remove("/sys/class/c/out");
	resource_observe(r);
	sysfs_undo.list(r, &tmproot.host, &v);
	assert_int_equal(v.n, 1);
	assert_string_equal(v.list[0].object, "/sys/devices/d0/x");
	assert_string_equal(v.list[0].previous, "1");
	assert_string_equal(v.list[0].desired, "4");
	undo_values_done(&v);
	assert_int_equal(sysfs_undo.write(&tmproot.host, "/sys/devices/d0/x", "6", &e),
	                 0);
	assert_int_equal(sysfs_undo.read(&tmproot.host, "/sys/a/choice", &value, &e), 0);
	assert_string_equal(keep_text(value), "madvise");
	assert_int_equal(sysfs_undo.read(&tmproot.host, "/sys/devices/d7/x", &value, &e),
	                 0);
	assert_null(value);
	assert_string_equal(
		keep_text(sysfs_undo.command(&tmproot.host, "/sys/a/choice", "a b")),
		"echo 'a b' > /sys/a/choice");
}

static const char *const hostile[] = {
	"",
	"/etc/x",
	"/sys/../etc/x",
	"/sys/devices/*/x",
	"/sys/devices/d1/delete",
	"/sys/class/c/d0/x", /* a link: no object of a journal */
	"/sys/class/c/out/x",
};

static void test_hostile(void **state)
{
	char *value;
	struct err e;

	(void)state;
	make_world();
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		assert_int_equal(sysfs_undo.read(&tmproot.host, hostile[i], &value, &e),
		                 -EINVAL);
		assert_int_equal(sysfs_undo.write(&tmproot.host, hostile[i], "8", &e),
		                 -EINVAL);
	}
	assert_string_equal(tmproot_read("/etc/x"), "9\n");
	assert_string_equal(tmproot_read("/sys/devices/d0/x"), "1\n");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, state_rows, test_states);
	suite_test(&s, "remedies", test_remedies);
	suite_test(&s, "too many files", test_too_many);
	suite_test(&s, "a file that blocks", test_blocks);
	suite_test(&s, "a file that changes by itself", test_changes_by_itself);
	suite_test(&s, "apply and roll back", test_apply);
	suite_test(&s, "a link", test_link);
	suite_test(&s, "a device that vanishes", test_vanishes);
	suite_test(&s, "a kernel that rounds", test_rounds);
	suite_test(&s, "revert", test_undo);
	suite_test(&s, "hostile objects", test_hostile);
	return suite_run(&s);
}
