/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Owner and mode of the directory at a mount point. */
#include "base/mem.h"
#include "drives.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct parse_row {
	const char *name;
	const char *want, *problem;
} parse_rows[] = {
	{"{mount: /m, owner: 1000}", "1000", NULL},
	{"{mount: /m, owner: 1000:2000}", "1000:2000", NULL},
	{"{mount: /m, owner: 0, mode: 1777}", "0 1777", NULL},
	{"{mount: /m, mode: 0750}", "0750", NULL},
	{"{mount: /m, mode: \"02775\"}", "2775", NULL},
	{"{mount: /m, owner: root}", NULL,
         "owner \"root\": must be numeric, UID or UID:GID"},
	{"{mount: /m, owner: \"1:\"}", NULL, "owner \"1:\": must be numeric"},
	{"{mount: /m, owner: \":1\"}", NULL, "owner \":1\": must be numeric"},
	{"{mount: /m, owner: 4294967295}", NULL, "must be numeric"},
	{"{mount: /m, owner: -1}", NULL, "must be numeric"},
	{"{mount: /m, mode: 75}", NULL, "mode \"75\": must be octal, such as 0755"},
	{"{mount: /m, mode: 0789}", NULL, "must be octal"},
	{"{mount: /m, mode: 77777}", NULL, "must be octal"},
	{"{mount: /m, mode: rwx}", NULL, "must be octal"},
	{"{owner: 1}", NULL, "owner: requires mount"},
	{"{mode: 0755}", NULL, "mode: requires mount"},
	{"{mount: /m}", NULL, NULL},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct resource *r = resource_empty(&kind_directory);
	struct diagnostics *diag = new_diagnostics();
	bool any;

	any = kind_directory.parse(r, yaml(row->name), diag);
	assert_int_equal(any, row->want != NULL);
	assert_text(r->spec.want, row->want);
	if (row->problem)
		assert_part(diagnostics_text(diag), row->problem);
	else
		assert_string_equal(diagnostics_text(diag), "");
}

static struct resource *new_directory(const char *item, enum state on)
{
	struct resource *drive = resource_new(&kind_filesystem, "data: {}", NULL);
	struct resource *below =
		resource_new(&kind_mount, "data: {mount: /mnt/data}", NULL);
	struct resource *r = resource_new(&kind_directory,
	                                  keep_text(mem_format("data: %s", item)), NULL);

	below->spec.depends_on = drive;
	drive->seen.device = mem_dup("/dev/nvme0n1");
	below->run.change.state = on;
	r->spec.depends_on = below;
	return r;
}

#define MOUNTED "20 1 259:0 / /mnt/data rw - xfs /dev/nvme0n1 rw\n"
#define FOREIGN "21 20 0:9 / /mnt/data rw - tmpfs other rw\n"

static void mounted(const char *lines)
{
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	tmproot_write("/dev/nvme0n1", "");
	tmproot_dir("/mnt/data");
	drives_mounts(lines, "");
}

static unsigned mode(void)
{
	const char *path = keep_text(mem_format("%s/mnt/data", tmproot.path));
	struct stat st = {0};

	assert_return_code(stat(path, &st), errno);
	return st.st_mode & 07777;
}

static void test_mode(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	mounted(MOUNTED);
	assert_return_code(
		chmod(keep_text(mem_format("%s/mnt/data", tmproot.path)), 0755), errno);
	r = new_directory("{mount: /mnt/data, mode: 1770}", STATE_DRIFT);
	assert_string_equal(resource_reported(r),
	                    "pending Waits now=NULL: /mnt/data is not mounted yet");
	r->spec.depends_on->run.change.state = STATE_SKIPPED;
	assert_part(resource_reported(r), "skipped ");
	r->spec.depends_on->run.change.state = STATE_CHANGED;
	assert_string_equal(resource_reported(r),
	                    "drift OwnerDiffers now=0755: /mnt/data is 0755, "
	                    "should be 1770");
	assert_string_equal(r->run.change.remedy, "chmod 1770 /mnt/data");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_int_equal(mode(), 01770);
	assert_string_equal(resource_reported(r), "ok  now=1770: ");
	assert_int_equal(kind_directory.revert(r, &tmproot.host, &e), 0);
	assert_int_equal(mode(), 0755);
}

static void test_owner(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	if (geteuid() != 0)
		skip();
	mounted(MOUNTED);
	r = new_directory("{mount: /mnt/data, owner: 7:8}", STATE_OK);
	assert_string_equal(resource_reported(r),
	                    "drift OwnerDiffers now=0:0: /mnt/data is 0:0, "
	                    "should be 7:8");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(resource_reported(r), "ok  now=7:8: ");
	/* a group that is not named is not managed */
	r = new_directory("{mount: /mnt/data, owner: 9}", STATE_OK);
	assert_part(resource_reported(r), "drift OwnerDiffers now=7: ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	r = new_directory("{mount: /mnt/data, owner: 9:8}", STATE_OK);
	assert_string_equal(resource_reported(r), "ok  now=9:8: ");
}

/* A rollback restores only what the profile manages, and only of the item's own mount. */
static void test_revert(void **state)
{
	const char *path = keep_text(mem_format("%s/mnt/data", tmproot.path));
	struct resource *r;
	struct err e;

	(void)state;
	mounted(MOUNTED);
	r = new_directory("{mount: /mnt/data, owner: 0:0}", STATE_OK);
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_return_code(chmod(path, 0711), errno);
	assert_int_equal(kind_directory.revert(r, &tmproot.host, &e), 0);
	assert_int_equal(mode(), 0711);
	r = new_directory("{mount: /mnt/data, mode: 0700}", STATE_OK);
	resource_observe(r);
	drives_mounts(MOUNTED FOREIGN, "");
	assert_int_equal(resource_apply(r, NULL, &e), -EXDEV);
	assert_string_equal(e.text, "/mnt/data: other (tmpfs) is mounted there instead");
	assert_int_equal(kind_directory.revert(r, &tmproot.host, &e), -EXDEV);
	assert_int_equal(mode(), 0711);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_test(&s, "mode", test_mode);
	suite_test(&s, "owner", test_owner);
	suite_test(&s, "rollback", test_revert);
	return suite_run(&s);
}
