/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The guard of a mount point: what is reported of each state, and that it is undone. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/tree/below.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct parse_row {
	const char *name; /* the item's value */
	const char *want, *problem;
} parse_rows[] = {
	{"{mount: /m, guard: true}", "immutable", ""},
	{"{mount: /m, guard: false}", "not immutable", ""},
	{"{mount: /m}", NULL, ""},
	{"{guard: true}", NULL, "1:9: guard: requires mount\n"},
	/* no drive was there when the item was expanded */
	{"{mount: '/m/{serial}', guard: true}", NULL, ""},
	{"{mount: '/m/{index}', guard: false}", NULL, ""},
	/* the kind mount reports these */
	{"{mount: m, guard: true}", NULL, ""},
	{"{mount: [/m], guard: true}", NULL, ""},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct resource *r = resource_empty(&kind_guard);
	struct diagnostics *diag = new_diagnostics();

	assert_int_equal(kind_guard.parse(r, yaml(row->name), diag), row->want != NULL);
	assert_text(r->spec.want, row->want);
	assert_string_equal(diagnostics_text(diag), row->problem);
}

/* --- what is reported -----------------------------------------------------------------
 */

static const struct report_row {
	const char *name;
	const char *guard, *answer; /* of the profile; of the host */
	const char *report, *remedy;
} report_rows[] = {
	{"guarded", "true",
         "there: true, immutable: true, empty: true, can_be_immutable: true",
         "ok  now=immutable: ", NULL},
	{"not managed to be immutable", "false", "there: true, empty: true",
         "ok  now=not immutable: ", NULL},
	{"absent, and not to be immutable", "false", "there: false",
         "ok  now=NULL: ", NULL},
	{"not guarded", "true",
         "there: true, empty: true, can_be_immutable: true, may_set: true",
         "drift NotGuarded now=not immutable: anything can write to /mnt/data while nothing "
         "is mounted there",
         "chattr +i /mnt/data"},
	{"not guarded, below a mount", "true",
         "there: true, hidden: true, empty: true, can_be_immutable: true, may_set: true",
         "drift NotGuarded now=not immutable: anything can write", NULL},
	{"absent", "true", "there: false, can_be_immutable: true, may_set: true",
         "drift NotGuarded now=NULL: ", "create the directory, then chattr +i /mnt/data"},
	{"guarded, and should not be", "false",
         "there: true, immutable: true, empty: true, can_be_immutable: true, may_set: true",
         "drift Guarded now=immutable: nothing can write", "chattr -i /mnt/data"},
	{"not empty", "true", "there: true, can_be_immutable: true, may_set: true",
         "refused GuardNotEmpty now=not immutable: the directory is not empty",
         "move away what is in /mnt/data"},
	{"immutable, and not empty", "true",
         "there: true, immutable: true, can_be_immutable: true, may_set: true",
         "refused GuardNotEmpty now=immutable: ", "move away what is in /mnt/data"},
	{"not empty, below a mount", "true",
         "there: true, hidden: true, can_be_immutable: true, may_set: true",
         "refused GuardNotEmpty now=not immutable: the directory below the mount is not empty",
         "mkdir /run/below; mount --bind /mnt /run/below; move away what is in "
         "/run/below/data; umount /run/below"},
	{"not empty, and not to be guarded", "false",
         "there: true, can_be_immutable: true", "ok  now=not immutable: ", NULL},
	{"no such flag", "true", "there: true, empty: true, may_set: true",
         "failed GuardUnsupported now=not immutable: vfat has no immutable flag",
         "choose a mount point on ext4 or XFS, or remove guard"},
	{"no right", "true", "there: true, empty: true, can_be_immutable: true",
         "pending CapabilityMissing now=not immutable: is not immutable; changing that needs "
         "CAP_LINUX_IMMUTABLE",
         "run hosttune on the host, or in a privileged container"},
	{"no right to remove it", "false",
         "there: true, immutable: true, empty: true, can_be_immutable: true",
         "pending CapabilityMissing now=immutable: is immutable;", NULL},
	{"no right to look", "true", "error: EPERM, message: denied",
         "pending CapabilityMissing now=NULL: denied", NULL},
	{"a link", "true", "error: ELOOP, message: is a link",
         "refused TargetUnsafe now=NULL: is a link", "use a path without symbolic links"},
	{"a file", "true", "error: ENOTDIR, message: is a file",
         "refused TargetUnsafe now=NULL: is a file", NULL},
	{"unreadable", "true", "error: EIO, message: broken",
         "failed NotReadable now=NULL: broken", NULL},
};

static void free_bundle(void *b)
{
	bundle_free(b);
}

static void test_report(void **state)
{
	const struct report_row *row = *state;
	struct bundle *b = keep(bundle_new(), free_bundle);
	struct node *answers = node_get_map(bundle_part(b, "answers"), "mount-point");
	struct resource *r = resource_new(
		&kind_guard,
		keep_text(mem_format("data: {mount: /mnt/data, guard: %s}", row->guard)),
		NULL);

	tmproot_write("/proc/1/mountinfo", "20 1 0:20 / / rw - ext4 /dev/a rw\n"
	                                   "21 20 0:21 / /mnt rw - vfat /dev/b rw\n"
	                                   "22 21 0:22 / /mnt/data rw - xfs /dev/c rw\n");
	node_set(answers, "/mnt/data",
	         yaml_owned(keep_text(mem_format("{%s}", row->answer))));
	tmproot.host.record = b;
	assert_part(resource_reported(r), row->report);
	if (row->remedy)
		assert_string_equal(r->run.change.remedy, row->remedy);
	else if (r->run.change.state == STATE_DRIFT)
		assert_null(r->run.change.remedy);
	tmproot.host.record = NULL;
}

/* A copy of a node's files does not hold the flags of the node. */
static void test_captured(void **state)
{
	struct resource *r =
		resource_new(&kind_guard, "data: {mount: /mnt/data, guard: true}", NULL);

	(void)state;
	tmproot_dir("/mnt/data");
	assert_part(resource_reported(r), "failed NotReadable now=NULL: the root ");
}

/* --- a real directory -----------------------------------------------------------------
 */

static bool is_immutable(void)
{
	struct host_below below;
	struct err e = {0};

	assert_int_equal(host_below_read(&tmproot.host, "/mnt/data", &below, &e), 0);
	return below.immutable;
}

/* Skip the test where the flag cannot be tried. */
static void need_flag(void)
{
	struct host_below below;
	struct err e = {0};

	tmproot.host.live = true;
	tmproot_dir("/mnt");
	assert_int_equal(host_below_read(&tmproot.host, "/mnt/data", &below, &e), 0);
	assert_false(below.there);
	if (!below.can_be_immutable || !below.may_set)
		skip();
}

static void test_made_and_removed(void **state)
{
	const char *path = keep_text(mem_format("%s/mnt/data", tmproot.path));
	struct resource *r =
		resource_new(&kind_guard, "data: {mount: /mnt/data, guard: true}", NULL);
	struct err e = {0};

	(void)state;
	need_flag();
	assert_part(resource_reported(r), "drift NotGuarded now=NULL: ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(resource_reported(r), "ok  now=immutable: ");
	assert_int_equal(mkdir(keep_text(mem_format("%s/pod", path)), 0755), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(kind_guard.revert(r, &tmproot.host, &e), 0);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_set_and_cleared(void **state)
{
	struct resource *on =
		resource_new(&kind_guard, "data: {mount: /mnt/data, guard: true}", NULL);
	struct resource *off =
		resource_new(&kind_guard, "data: {mount: /mnt/data, guard: false}", NULL);
	struct err e = {0};

	(void)state;
	need_flag();
	tmproot_dir("/mnt/data");
	assert_part(resource_reported(on), "drift NotGuarded now=not immutable: ");
	assert_int_equal(resource_apply(on, NULL, &e), 0);
	assert_part(resource_reported(off), "drift Guarded now=immutable: ");
	assert_int_equal(resource_apply(off, NULL, &e), 0);
	assert_false(is_immutable());
	assert_int_equal(kind_guard.revert(off, &tmproot.host, &e), 0);
	assert_true(is_immutable());
	assert_int_equal(kind_guard.revert(on, &tmproot.host, &e), 0);
	assert_false(is_immutable());
}

/* Something is written after the directory was read, and before it becomes immutable. */
static void test_filled_meanwhile(void **state)
{
	struct resource *r =
		resource_new(&kind_guard, "data: {mount: /mnt/data, guard: true}", NULL);
	struct err e = {0};

	(void)state;
	need_flag();
	tmproot_dir("/mnt/data");
	resource_observe(r);
	tmproot_write("/mnt/data/file", "text");
	assert_int_equal(resource_apply(r, NULL, &e), -ENOTEMPTY);
	assert_part(e.text, "set the immutable flag of /mnt/data: Directory not empty");
	assert_false(is_immutable());
	assert_part(resource_reported(r), "refused GuardNotEmpty");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_rows(&s, report_rows, test_report);
	suite_test(&s, "captured tree", test_captured);
	suite_test(&s, "made and removed", test_made_and_removed);
	suite_test(&s, "set and cleared", test_set_and_cleared);
	suite_test(&s, "filled meanwhile", test_filled_meanwhile);
	return suite_run(&s);
}
