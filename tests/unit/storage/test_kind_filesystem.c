/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A file system on a drive: which drive it is. */
#include "base/mem.h"
#include "drives.h"
#include "host/file.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <string.h>

/* --- which drive ----------------------------------------------------------------------
 */

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
	{"not NVMe", "s", "",
         "skipped NoDisks now=NULL: no matching drive: model \"" INSTANCE_STORE
         "\"; this node has nvme0n1 (model \"" INSTANCE_STORE
         "\", serial AWS0, 335 MB, not NVMe)",
         NULL},
	{"not NVMe, and named", "s", "disks: {serial: AWS0}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: is not an NVMe drive: model \"" INSTANCE_STORE
         "\", 335544320 bytes (DiskNotNvme)",
         NULL},
	{"not NVMe, and a blank one", "sb", "",
         "drift NotFormatted now=blank: nvme1n1 AWS1", "/dev/nvme1n1"},
	{"maybe NVMe, and a blank one, count 1", "Nb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: cannot be examined: the number of",
         NULL},
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
	{"one label per drive, but expanded before it was there", "b",
         "label: 'd{index}'",
         "refused DiskRefused now=NULL: drives were still unknown when the profile was read "
         "(nvme0n1 AWS0)",
         NULL},
	{"one per drive, and none is there", "", "mount: '/m/{serial}'",
         "skipped NoDisks now=NULL: ", NULL},
	{"ours and held, and a blank one", "Hb", "",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds xfs", NULL},
	{"ours and held, and a blank one, count 1", "Hb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds xfs", NULL},
	{"ours and held, and a blank one, named", "Hb", "disks: {serial: AWS1}",
         "drift NotFormatted now=blank: nvme1n1 AWS1", "/dev/nvme1n1"},
	{"ours but truncated, and a blank one, count 1", "tb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: holds an xfs", NULL},
	{"ours but partitioned, and a blank one, count 1", "qb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: has partitions", NULL},
	{"no capacity, and a blank one, count 1", "zb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: has no capacity", NULL},
	{"no capacity, and a blank one, of some size", "zb",
         "disks: {count: 1, min-size: 1MiB}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: has no capacity", NULL},
	{"read-only and unreadable, and a blank one, count 1", "Rb", "disks: {count: 1}",
         "refused DiskRefused now=NULL: nvme0n1 AWS0: is read-only and cannot be read",
         NULL},
	{"held without our label, and a blank one, count 1", "hb", "disks: {count: 1}",
         "drift NotFormatted now=blank: nvme1n1 AWS1", "/dev/nvme1n1"},
	{"two with our label", "oo", "disks: {count: 1}",
         "refused DiskAmbiguous now=NULL: the label is on more than one drive", NULL},
	{"two with our label, one named", "oo", "disks: {serial: AWS1}", "ok  now=xfs",
         "/dev/nvme1n1"},
};

static struct resource *new_item(const char *more)
{
	const char *label = strstr(more, "label:") ? "" : "label: ephemeral, ";

	return resource_new(&kind_filesystem,
	                    keep_text(mem_format("data: {%s%s}", label, more)), NULL);
}

static void test_choice(void **state)
{
	const struct choice_row *row = *state;
	struct resource *r = new_item(row->disks);
	const char *before;

	for (unsigned i = 0; row->drives[i]; i++)
		drive_make(i, row->drives[i]);
	before = row->drives[0] ? NULL : tmproot_snapshot();
	assert_part(resource_reported(r), row->reported);
	assert_text(r->seen.device, row->device);
	/* observing again gives the same result */
	assert_part(resource_reported(r), row->reported);
	assert_text(r->seen.device, row->device);
	if (before)
		assert_string_equal(tmproot_snapshot(), before);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, choice_rows, test_choice);
	return suite_run(&s);
}
