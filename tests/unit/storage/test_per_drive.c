/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One file system per drive: a storage item becomes one item for each. */
#include "base/mem.h"
#include "doc/node.h"
#include "drives.h"
#include "host/host.h"
#include "storage/per_drive.h"
#include "test.h"
#include "tmproot.h"

static const struct row {
	const char *name;
	const char *drives; /* 'i'nstance store, 'e'BS, 'r'oot, 's'trange */
	const char *item;   /* of storage */
	const char *tree;   /* expected result */
	const char *diag;
} rows[] = {
	{"no placeholder", "ii", "{name: d, mount: /m}",
         "[{\"name\": \"d\", \"mount\": \"/m\"}]", ""},
	{"one per drive", "ii", "{name: d, mount: '/m/{serial}'}",
         "[{\"name\": \"d/AWS0\", \"mount\": \"/m/AWS0\", \"label\": \"d\", "
         "\"disks\": {\"serial\": \"AWS0\"}}, "
         "{\"name\": \"d/AWS1\", \"mount\": \"/m/AWS1\", \"label\": \"d\", "
         "\"disks\": {\"serial\": \"AWS1\"}}]",
         ""},
	{"by number, with the given label", "ii",
         "{name: d, label: l, mount: '/m/{index}'}",
         "[{\"name\": \"d/AWS0\", \"label\": \"l\", \"mount\": \"/m/0\", "
         "\"disks\": {\"serial\": \"AWS0\"}}, "
         "{\"name\": \"d/AWS1\", \"label\": \"l\", \"mount\": \"/m/1\", "
         "\"disks\": {\"serial\": \"AWS1\"}}]",
         ""},
	{"in every key", "i",
         "{name: d, label: 'l{index}', mount: '/m/{serial}-{index}', bind: ['/b/{index}']}",
         "[{\"name\": \"d/AWS0\", \"label\": \"l0\", \"mount\": \"/m/AWS0-0\", "
         "\"bind\": [\"/b/0\"], \"disks\": {\"serial\": \"AWS0\"}}]",
         ""},
	{"only selected drives", "iii",
         "{name: d, label: l, disks: {serial: [AWS2, AWS0]}, mount: '/m/{index}'}",
         "[{\"name\": \"d/AWS0\", \"label\": \"l\", \"disks\": {\"serial\": \"AWS0\"}, "
         "\"mount\": \"/m/0\"}, "
         "{\"name\": \"d/AWS2\", \"label\": \"l\", \"disks\": {\"serial\": \"AWS2\"}, "
         "\"mount\": \"/m/1\"}]",
         ""},
	{"EBS and the root drive are skipped", "eri",
         "{name: d, label: l, mount: '/m/{index}'}",
         "[{\"name\": \"d/AWS2\", \"label\": \"l\", \"mount\": \"/m/0\", "
         "\"disks\": {\"serial\": \"AWS2\"}}]",
         ""},
	{"but a named root drive is not skipped", "ri",
         "{name: d, label: l, disks: {serial: AWS0}, mount: '/m/{index}'}",
         "[{\"name\": \"d/AWS0\", \"label\": \"l\", \"disks\": {\"serial\": \"AWS0\"}, "
         "\"mount\": \"/m/0\"}]",
         ""},
	{"a serial that is not a path", "s", "{name: d, label: l, mount: '/m/{serial}'}",
         "[]", ""},
	{"namespaces of one controller", "124", "{name: d, mount: '/m/{serial}'}",
         "[{\"name\": \"d/AWS\", \"mount\": \"/m/AWS\", \"label\": \"d\", "
         "\"disks\": {\"serial\": \"AWS-n1\"}}, "
         "{\"name\": \"d/AWS-n2\", \"mount\": \"/m/AWS-n2\", \"label\": \"d\", "
         "\"disks\": {\"serial\": \"AWS-n2\"}}, "
         "{\"name\": \"d/AWS-n4\", \"mount\": \"/m/AWS-n4\", \"label\": \"d\", "
         "\"disks\": {\"serial\": \"AWS-n4\"}}]",
         ""},
	{"one namespace, which keeps its name", "1", "{name: d, mount: '/m/{serial}'}",
         "[{\"name\": \"d/AWS\", \"mount\": \"/m/AWS\", \"label\": \"d\", "
         "\"disks\": {\"serial\": \"AWS\"}}]",
         ""},
	{"the second namespace alone", "2", "{name: d, mount: '/m/{serial}'}",
         "[{\"name\": \"d/AWS-n2\", \"mount\": \"/m/AWS-n2\", \"label\": \"d\", "
         "\"disks\": {\"serial\": \"AWS\"}}]",
         ""},
	{"namespaces by index", "12", "{name: d, label: l, mount: '/m/{index}'}",
         "[{\"name\": \"d/AWS\", \"label\": \"l\", \"mount\": \"/m/0\", "
         "\"disks\": {\"serial\": \"AWS-n1\"}}, "
         "{\"name\": \"d/AWS-n2\", \"label\": \"l\", \"mount\": \"/m/1\", "
         "\"disks\": {\"serial\": \"AWS-n2\"}}]",
         ""},
	{"no drive", "e", "{name: d, mount: '/m/{serial}'}",
         "[{\"name\": \"d\", \"mount\": \"/m/{serial}\"}]", ""},
	{"unknown placeholder", "i", "{name: d, mount: '/m/{device}'}", NULL,
         "mount \"/m/{device}\": only {serial} and {index} may be in braces"},
	{"half a placeholder", "i", "{name: d, mount: '/m/{serial'}", NULL,
         "only {serial} and {index} may be in braces"},
	{"with an array", "i", "{name: d, array: raid0, mount: '/m/{serial}'}", NULL,
         "array: cannot be combined with {serial} or {index}: an array has one "
         "mount point"},
	{"with an array of none", "i", "{name: d, array: none, mount: '/m'}",
         "[{\"name\": \"d\", \"array\": \"none\", \"mount\": \"/m\"}]", ""},
	{"with a count", "i", "{name: d, disks: {count: 1}, mount: '/m/{serial}'}", NULL,
         "count: cannot be combined with {serial} or {index}"},
	{"one mount point", "ii", "{name: d, label: 'l{index}', mount: /m}", NULL,
         "mount: the drives cannot share one mount point"},
};

static void make_drive(unsigned i, char what)
{
	const char *name = keep_text(mem_format("nvme%un1", i));

	drive_add(name, what == 'e' ? "Amazon Elastic Block Store" : INSTANCE_STORE,
	          what == 's' ? "../\x1b b" : keep_text(mem_format("AWS%u", i)), i);
	if (what >= '1' && what <= '9') {
		drive_set(name, "device/serial", "AWS");
		drive_set(name, "nsid", keep_text(mem_format("%c", what)));
		drive_set(name, "wwid", keep_text(mem_format("eui.%c", what)));
	}
	if (what == 'r')
		drive_set(name, keep_text(mem_format("%sp1/partition", name)), "1");
	if (what == 'r')
		drive_set(name, keep_text(mem_format("%sp1/dev", name)), "8:1");
}

static struct node *expand(const char *item, const struct host *h,
                           struct diagnostics *diag)
{
	struct node *tree =
		yaml(keep_text(mem_format("version: 1\nstorage: [%s]\n", item)));

	per_drive_expand(node_get(tree, "storage"), h, diag);
	return tree;
}

static void test_expand(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *tree;

	for (unsigned i = 0; row->drives[i]; i++)
		make_drive(i, row->drives[i]);
	tree = expand(row->item, &tmproot.host, diag);
	assert_part(diagnostics_text(diag), row->diag);
	if (!row->tree)
		return;
	assert_int_equal(diag->n, 0);
	if (strcmp(row->drives, "s") == 0) {
		const struct node *item = node_get(tree, "storage")->items[0];

		assert_string_equal(node_get(item, "mount")->text, "/m/_.___b");
		assert_string_equal(node_get(item, "name")->text, "d/_.___b");
		return;
	}
	assert_string_equal(tree_text(node_get(tree, "storage")), row->tree);
}

/* Without a host the item is checked and stays. */
static void test_offline(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *tree = expand(row->item, NULL, diag);

	assert_part(diagnostics_text(diag), row->diag);
	assert_int_equal(node_get(tree, "storage")->n, 1);
	assert_string_equal(node_get(node_get(tree, "storage")->items[0], "name")->text,
	                    "d");
}

/* Problems of an expanded item have their place in the profile. */
static void test_places(void **state)
{
	const struct node *item;

	(void)state;
	make_drive(0, 'i');
	item = node_get(expand("{name: d, mount: '/m/{serial}'}", &tmproot.host,
	                       new_diagnostics()),
	                "storage")
	               ->items[0];
	for (size_t i = 0; i < item->n; i++) {
		assert_int_equal(item->items[i]->at.line, 2);
		assert_true(item->items[i]->at.col > 0);
	}
}

/* Drives that cannot be listed are not the same as none. */
static void test_unread(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	struct node *tree;

	(void)state;
	make_drive(0, 'i');
	tmproot_remove("/proc/1/mountinfo");
	tree = expand("{name: d, mount: '/m/{serial}'}", &tmproot.host, diag);
	assert_int_equal(node_get(tree, "storage")->n, 1);
	assert_part(diagnostics_text(diag), "storage: the drives are unknown: ");
	assert_int_equal(diag->errors, 0);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, rows, test_expand);
	suite_rows(&s, rows, test_offline);
	suite_test(&s, "places", test_places);
	suite_test(&s, "drives that cannot be listed", test_unread);
	return suite_run(&s);
}
