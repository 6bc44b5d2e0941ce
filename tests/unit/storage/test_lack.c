/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Whether the kernel has XFS and RAID 0; tests/vm/storage.sh hides a real module. */
#include "base/mem.h"
#include "drives.h"
#include "resource.h"
#include "resource/kinds.h"
#include "storage/lack.h"
#include "test.h"
#include "tmproot.h"

#define LIB     "/lib/modules/6.12.0-test/"
#define DEP     LIB "modules.dep"
#define BUILTIN LIB "modules.builtin"
#define FORBID  "/proc/sys/kernel/modules_disabled"

static const struct row {
	const char *name;
	enum kernel_part part;
	const char *files[4][2]; /* text NULL: cannot be read */
	const char *want;        /* NULL: it has it */
	enum reason reason;
} rows[] = {
	{"listed",
         KERNEL_XFS,
         {{"/proc/filesystems", "nodev\tsysfs\n\text4\n\txfs\n"}},
         NULL,
         0},
	{"another one is listed, and no modules are",
         KERNEL_XFS,
         {{"/proc/filesystems", "\txfs2\n\tnoxfs\n"}},
         "it is unknown whether this kernel has XFS: the host has no list of its modules",
         REASON_NOT_READABLE},
	{"the list cannot be read",
         KERNEL_XFS,
         {{"/proc/filesystems", NULL}},
         "it is unknown whether this kernel has XFS: read ",
         REASON_NOT_READABLE},
	{"no list", KERNEL_XFS, {{DEP, "kernel/fs/xfs/xfs.ko:\n"}}, NULL, 0},
	{"a module",
         KERNEL_XFS,
         {{"/proc/filesystems", "\text4\n"},
          {DEP, "kernel/fs/xfs/xfs.ko:\n"},
          {FORBID, "0\n"}},
         NULL,
         0},
	{"built in, and not listed: of another kernel, or it did not start",
         KERNEL_XFS,
         {{"/proc/filesystems", "\text4\n"}, {BUILTIN, "kernel/fs/xfs/xfs.ko\n"}},
         "it is unknown whether this kernel has XFS: it is loaded, but not listed",
         REASON_NOT_READABLE},
	{"no module",
         KERNEL_XFS,
         {{"/proc/filesystems", "\text4\n"}, {DEP, "kernel/fs/ext4/ext4.ko:\n"}},
         "this kernel has no XFS: there is no module xfs",
         REASON_MODULE_MISSING},
	{"no module may be loaded",
         KERNEL_XFS,
         {{"/proc/filesystems", "\text4\n"},
          {DEP, "kernel/fs/xfs/xfs.ko:\n"},
          {FORBID, "1\n"}},
         "XFS is a module that is not loaded, and kernel.modules_disabled forbids loading it",
         REASON_FAILED},
	{"unknown whether one may",
         KERNEL_XFS,
         {{"/proc/filesystems", "\text4\n"},
          {DEP, "kernel/fs/xfs/xfs.ko:\n"},
          {FORBID, NULL}},
         "it is unknown whether this kernel has XFS: ",
         REASON_NOT_READABLE},
	{"the modules cannot be read",
         KERNEL_XFS,
         {{"/proc/filesystems", "\text4\n"}, {"/proc/modules", NULL}},
         "it is unknown whether this kernel has XFS: ",
         REASON_NOT_READABLE},
	{"a personality",
         KERNEL_RAID0,
         {{"/proc/mdstat",
           "Personalities : [linear] [raid0] \nunused devices: <none>\n"}},
         NULL,
         0},
	{"another personality",
         KERNEL_RAID0,
         {{"/proc/mdstat", "Personalities : [raid1] [raid10] \n"},
          {DEP, "kernel/drivers/md/raid10.ko:\n"}},
         "this kernel has no RAID 0: there is no module raid0",
         REASON_MODULE_MISSING},
	{"no md yet",
         KERNEL_RAID0,
         {{DEP, "kernel/drivers/md/raid0.ko: kernel/drivers/md/md-mod.ko\n"}},
         NULL,
         0},
	{"no md at all",
         KERNEL_RAID0,
         {{DEP, "kernel/fs/xfs/xfs.ko:\n"}},
         "this kernel has no RAID 0: there is no module raid0",
         REASON_MODULE_MISSING},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct lack l = {0};
	struct change c = {0};

	tmproot_remove("/proc/filesystems");
	tmproot.host.live = true;
	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i][0]; i++)
		if (row->files[i][1])
			tmproot_write(row->files[i][0], row->files[i][1]);
		else
			tmproot_dir(row->files[i][0]);
	lack_find_kernel(&tmproot.host, row->part, &l);
	tmproot.host.live = false;
	if (!row->want) {
		assert_null(l.text);
		assert_false(lack_diff(&l, &c));
	} else {
		assert_part(l.text, row->want);
		assert_true(lack_diff(&l, &c));
		assert_int_equal(c.state, STATE_FAILED);
		assert_int_equal(c.reason, row->reason);
		assert_non_null(c.remedy);
	}
	change_clear(&c);
	lack_done(&l);
}

/* A captured tree often lacks the list: then nothing is said. */
static void test_captured(void **state)
{
	struct lack l = {0};

	(void)state;
	tmproot_remove("/proc/filesystems");
	lack_find_kernel(&tmproot.host, KERNEL_XFS, &l);
	assert_null(l.text);
	lack_find_kernel(&tmproot.host, KERNEL_RAID0, &l);
	assert_null(l.text);
}

/* A blank drive, blank drives of an array, and a file system that is not mounted. */
static void test_kinds(void **state)
{
	struct resource *array, *fs, *mount;

	(void)state;
	tmproot_write("/proc/filesystems", "\text4\n");
	tmproot_write(DEP, "kernel/fs/ext4/ext4.ko:\n");
	drive_make(1, 'b');
	fs = resource_new(&kind_filesystem, "data: {}", NULL);
	assert_part(resource_reported(fs), "failed ModuleMissing ");
	assert_part(resource_reported(fs), "this kernel has no XFS");
	tmproot_write("/proc/mdstat", "Personalities : \n");
	drive_make(2, 'b');
	array = resource_new(&kind_array, "data: {array: raid0}", NULL);
	assert_part(resource_reported(array), "failed ModuleMissing ");
	assert_part(resource_reported(array), "this kernel has no RAID 0");
	/* none is created for a file system that cannot be mounted */
	tmproot_write("/proc/mdstat", "Personalities : [raid0] \n");
	assert_part(resource_reported(array), "failed ModuleMissing ");
	assert_part(resource_reported(array), "this kernel has no XFS");
	fs->spec.depends_on = array;
	assert_part(resource_reported(fs), "failed ModuleMissing ");
	/* in the host's mount namespace */
	tmproot_write("/proc/self/mountinfo", tmproot_read("/proc/1/mountinfo"));
	mount = resource_new(&kind_mount, "data: {mount: /mnt/data}", NULL);
	mount->spec.depends_on = fs;
	mem_set(&fs->seen.device, mem_dup("/dev/nvme1n1"));
	assert_part(resource_reported(mount), "pending Waits ");
	fs->run.change.state = STATE_OK;
	assert_part(resource_reported(mount), "failed ModuleMissing ");
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "a captured tree", test_captured);
	suite_test(&s, "what is not written", test_kinds);
	return suite_run(&s);
}
