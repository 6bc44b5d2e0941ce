/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/nfs/exports.h"
#include "diagnose/nfs/nfs.h"
#include "diagnose/nfs/server.h"
#include "diagnose/nfs/server_node.h"
#include "doc/node.h"
#include "measured.h"
#include "test.h"
#include "tmproot.h"

/* "PATH sync WHERE" for each export, each on one line. */
static const char *exports_text(const struct nfs_exports *e)
{
	struct buf out = {0};

	buf_add(&out, "");
	for (size_t i = 0; i < e->n; i++)
		buf_addf(&out, "%s %s %s\n", e->list[i].path,
		         e->list[i].sync ? "sync" : "async", e->list[i].where);
	return keep_text(buf_take(&out));
}

static const struct row {
	const char *name, *table, *file, *result;
} rows[] = {
	{"table", "# Version 1.1\n# Path Client(Flags) # IPs\n/srv\t*(rw,async,wdelay)\n",
         "", "/srv async T\n"},
	{"sync for one client", "/srv\ta(rw,async)\n/srv\tb(rw,sync)\n", "",
         "/srv sync T\n"},
	{"a blank in the path", "/a\\040b\t*(rw,sync)\n", "", "/a b sync T\n"},
	{"an entry that is not valid", "# /srv\t*(rw,sync)\n", "", ""},
	{"no client", "/srv\n", "", ""},
	{"the table counts", "/srv\t*(rw,async)\n", "/srv *(rw)\n/b *(rw)\n",
         "/srv async T\n/b sync F:2\n"},
	{"sync is the default", "", "/srv *(rw) # all\n", "/srv sync F:1\n"},
	{"no options", "", "/srv host\n", "/srv sync F:1\n"},
	{"no client in the file", "", "/srv\n", "/srv sync F:1\n"},
	{"async", "", "/srv *(rw,async)\n", "/srv async F:1\n"},
	{"async by default", "", "/srv -async,ro a b(rw)\n", "/srv async F:1\n"},
	{"sync against the default", "", "/srv -async a b(sync)\n", "/srv sync F:1\n"},
	{"a longer word", "", "/srv a(asynchronous,async)\n", "/srv async F:1\n"},
	{"quotes", "", "\"/a b\" *(async)\n", "/a b async F:1\n"},
	{"a hash in quotes", "", "\"/a #b\" *(async)\n", "/a #b async F:1\n"},
	{"octal", "", "/a\\040b *(async)\n", "/a b async F:1\n"},
	{"a line that continues", "", "# x\n/srv a(async) \\\n\tb(async)\n/b *(rw)\n",
         "/srv async F:2\n/b sync F:4\n"},
	{"comments and blank lines", "", "\n  # /a *(rw)\n/b *(async)", "/b async F:3\n"},
	{"no path", "", "srv *(rw)\n*(rw)\n", ""},
	{"an open quote", "", "\"/srv *(async)\n", "/srv *(async) sync F:1\n"},
	{"a backslash at the end", "", "/srv *(async)\\", "/srv async F:1\n"},
	{"binary", "", "\x01\xff(\n/\xff *(async", "/\xff async F:2\n"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct nfs_exports e = {0};
	const char *text;

	nfs_exports_parse_table(row->table, "T", &e);
	nfs_exports_parse_file(row->file, "F", &e);
	text = exports_text(&e);
	nfs_exports_done(&e);
	assert_string_equal(text, row->result);
}

/* What a bundle keeps of servers is what they were. */
static void test_node(void **state)
{
	static const char text[] =
		"servers:\n"
		"  - name: net:[7]\n"
		"    process: rpc.mountd\n"
		"    state: {threads: 64, versions: 30, versions_known: 31}\n"
		"    v3_calls: 12\n"
		"    exports:\n"
		"      - {path: /srv, sync: true, where: F:1, fstype: xfs, major: 9, minor: 127}\n"
		"      - {path: /b, sync: false, where: F:2}\n"
		"    no_exports: denied\n"
		"incomplete: denied\n";
	struct nfs_servers s = {0}, again = {0};
	struct node *first, *second;

	(void)state;
	nfs_servers_take(yaml(text), &s);
	first = keep_node(nfs_servers_node(&s));
	nfs_servers_take(first, &again);
	second = keep_node(nfs_servers_node(&again));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.list[0].state.threads, 64);
	assert_int_equal(s.list[0].exports.n, 2);
	assert_int_equal(s.list[0].exports.list[0].minor, 127);
	assert_null(s.list[0].exports.list[1].fstype);
	assert_string_equal(s.incomplete, "denied");
	nfs_servers_done(&s);
	nfs_servers_done(&again);
	assert_string_equal(tree_text(first), tree_text(second));
}

/* Bundles can hold anything. */
static void test_node_invalid(void **state)
{
	struct nfs_servers s = {0};

	(void)state;
	nfs_servers_take(yaml("servers: 3\n"), &s);
	nfs_servers_take(yaml("servers: [x, [], {exports: x, state: 1, v3_calls: -1}]\n"),
	                 &s);
	assert_int_equal(s.n, 3);
	assert_string_equal(s.list[2].name, "");
	assert_int_equal(s.list[2].v3_calls, 0);
	nfs_servers_done(&s);
}

#define THREADS "/proc/fs/nfsd/threads"

static void test_stopped(void **state)
{
	(void)state;
	tmproot_write(THREADS, "0\n");
	tmproot_write("/etc/exports", "/srv *(rw)\n");
	assert_string_equal(measured(&source_nfs), "");
	tmproot_write(THREADS, "x\n");
	assert_part(measured(&source_nfs), "nfsd_threads is absent: ");
}

/* Where an export lies, by its mount and the drives below that. */
static const struct place_row {
	const char *name, *mount, *model, *result;
} place_rows[] = {
	{"instance store", "xfs /dev/nvme1n1 rw", "Amazon EC2 NVMe Instance Storage  \n",
         "/srv: export_ephemeral true (/proc/self/mountinfo)\n"
         "/srv: export_device nvme1n1 (/sys/block)\n"},
	{"EBS", "xfs /dev/nvme1n1 rw", "Amazon Elastic Block Store\n",
         "/srv: export_ephemeral false (/proc/self/mountinfo)\n"},
	{"no model", "xfs /dev/nvme1n1 rw", NULL,
         "/srv: export_ephemeral false (/proc/self/mountinfo)\n"},
	{"memory", "tmpfs tmpfs rw", NULL,
         "/srv: export_ephemeral true (/proc/self/mountinfo)\n"
         "/srv: export_device tmpfs (/sys/block)\n"},
	{"no mounts", NULL, NULL,
         "/srv: export_ephemeral is absent: its mount is unknown"},
};

static void test_place(void **state)
{
	const struct place_row *row = *state;
	_free_ char *mounts = mem_format("21 1 254:0 / / rw - ext4 /dev/root rw\n"
	                                 "30 21 259:1 / /srv rw - %s\n",
	                                 row->mount);

	tmproot_write(THREADS, "4\n");
	tmproot_write("/etc/exports", "/srv *(rw)\n");
	tmproot_write("/proc/1/mountinfo", row->mount ? mounts : "");
	tmproot_write("/sys/block/nvme1n1/dev", "259:1\n");
	if (row->model)
		tmproot_write("/sys/block/nvme1n1/device/model", row->model);
	assert_part(measured(&source_nfs), row->result);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "node", test_node);
	suite_test(&s, "node that is not valid", test_node_invalid);
	suite_test(&s, "stopped", test_stopped);
	suite_rows(&s, place_rows, test_place);
	return suite_run(&s);
}
