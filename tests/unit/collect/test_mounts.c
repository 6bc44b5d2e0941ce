/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a bundle keeps of a table of mounts. */
#include "base/mem.h"
#include "collect/mounts.h"
#include "test.h"

#include <stdlib.h>

#define HEAD "22 1 0:40 / /mnt rw,noatime shared:1 - "

static const struct row {
	const char *name, *end, *host, *container;
} rows[] = {
	{"nfs", "nfs4 10.9.8.7:/export ro,sync,vers=4.2,addr=10.9.8.7",
         "nfs4 none ro,sync", "nfs4 none ro,sync"},
	{"cifs", "cifs //10.9.8.7/x rw,username=alice,addr=10.9.8.7", "cifs none rw",
         "cifs none rw"},
	{"sshfs", "fuse.sshfs alice@host: rw,user_id=0", "fuse.sshfs none rw",
         "fuse.sshfs none rw"},
	{"ceph", "ceph 10.0.0.1,10.0.0.2:/ rw,name=alice", "ceph none rw",
         "ceph none rw"},
	{"glusterfs", "glusterfs host:/volume rw", "glusterfs none rw",
         "glusterfs none rw"},
	{"a transport", "9p share rw,trans=tcp,port=1,addr=10.9.8.7", "9p none rw",
         "9p none rw"},
	{"a user", "davfs https rw,username=alice", "davfs none rw", "davfs none rw"},
	{"memory", "tmpfs tmpfs rw,size=64k", "tmpfs tmpfs rw,size=64k", "tmpfs none rw"},
	{"layers", "overlay overlay ro,lowerdir=/a:/b,userxattr",
         "overlay overlay ro,lowerdir=/a:/b,userxattr", "overlay none ro"},
	{"no end", "tmpfs", "tmpfs", "tmpfs"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	const char *line = keep_text(mem_format(HEAD "%s\n", row->end));

	assert_string_equal(keep_text(collect_mounts_reduce(line)),
	                    keep_text(mem_format(HEAD "%s\n", row->host)));
	assert_string_equal(keep_text(collect_mounts_reduce_all(line)),
	                    keep_text(mem_format(HEAD "%s\n", row->container)));
}

/* A line of a block device, and what is no line, stay; lines are all kept. */
static void test_others(void **state)
{
	const char *table =
		"30 22 259:1 / /data rw - xfs /dev/nvme1n1 rw,attr2\nbad\n" HEAD
		"proc proc rw\n";

	(void)state;
	assert_string_equal(keep_text(collect_mounts_reduce(table)), table);
	assert_string_equal(keep_text(collect_mounts_reduce("")), "");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_test(&s, "others", test_others);
	return suite_run(&s);
}
