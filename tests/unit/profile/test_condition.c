/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Entries whose condition is false leave the tree and are recorded. */
#include "base/num.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/host.h"
#include "profile/condition.h"
#include "profile/facts.h"
#include "profile/merge.h"
#include "test.h"

static struct host_size size = {.cpus = 8, .memory = INT64_C(64) << 30, .numa_nodes = 1};
static const struct facts node = {
	.host = {.size = &size,
                 .page_size = 4096,
                 .nic_gbps = 25,
                 .kernel = NUM_VERSION(6, 1)},
	/* queues, ring_max, nic_gbps, disks, disk_size */
	.of_kinds = {8, 8192, 25, 2, INT64_C(2500) << 30},
};
static const struct facts nowhere = {.unknown = true};
static const struct host no_files = {.root_fd = -1};
static struct host_size unread_size = {.h = &no_files};
static const struct facts unread = {.host = {.size = &unread_size}};

static struct exclusions out;

static int teardown(void **state)
{
	(void)state;
	exclusions_done(&out);
	return 0;
}

static const struct row {
	const char *name, *yaml, *rest, *excluded, *reported;
} rows[] = {
	{"none", "{version: 1, sysctl: {a.b: 1}}",
         "{\"version\": 1, \"sysctl\": {\"a.b\": 1}}", "", ""},
	{"a value",
         "{sysctl: {a.b: {value: 1, when: cpus > 8}, a.c: {min: 2, when: cpus >= 8}}}",
         "{\"sysctl\": {\"a.c\": {\"min\": 2}}}", "sysctl a.b 1:11 (cpus > 8);", ""},
	{"a name",
         "{modules: [a, {name: b, when: kernel < 6}, {name: c, when: kernel > 6}]}",
         "{\"modules\": [\"a\", \"c\"]}", "module b 1:22 (kernel < 6);", ""},
	{"a name without a condition", "{modules: [{name: a}]}", "{\"modules\": [\"a\"]}",
         "", ""},
	{"an item, which may use the facts of its drives",
         "{storage: [{name: a, when: disks == 1}, {name: b, when: disk_size > 1TiB}]}",
         "{\"storage\": [{\"name\": \"b\"}]}", "storage a 1:12 (disks == 1);", ""},
	{"an item, which may use the facts of its interfaces",
         "{network: [{name: a, when: queues < 8}, {name: b, when: ring_max == 8192}]}",
         "{\"network\": [{\"name\": \"b\"}]}", "network a 1:12 (queues < 8);", ""},
	{"a section of values with everything in it",
         "{sysctl: {when: cpus == 1, a.b: 1, a.c: {value: 2, when: cpus == 8}}}", "{}",
         "sysctl a.b 1:28 (cpus == 1);sysctl a.c 1:36 (cpus == 1);", ""},
	{"a section of values that stays",
         "{sysctl: {when: cpus == 8, a.b: 1, a.c: {value: 2, when: cpus == 1}}}",
         "{\"sysctl\": {\"a.b\": 1}}", "sysctl a.c 1:36 (cpus == 1);", ""},
	{"one object", "{nfsd: {threads: 8, when: memory < 1GiB}}", "{}",
         "nfsd nfsd 1:8 (memory < 1GiB);", ""},
	{"a tree", "{settings: {when: nic_gbps < 5, a: {b: 1, c: [2]}, motd: x}}", "{}",
         "setting settings.a.b 1:37 (nic_gbps < 5);setting settings.a.c 1:43 (nic_gbps < "
         "5);setting settings.motd 1:52 (nic_gbps < 5);",
         ""},
	{"a tree has one condition",
         "{settings: {when: nic_gbps >= 25, a: {when: nic_gbps < 5}}}",
         "{\"settings\": {\"a\": {\"when\": \"nic_gbps < 5\"}}}", "", ""},
	/* invalid conditions: the entries stay, to be checked further */
	{"no text", "{sysctl: {when: [a], a.b: {value: 1, when: ''}}}",
         "{\"sysctl\": {\"a.b\": {\"value\": 1}}}", "",
         "1:17: when: should be a condition such as \"kernel >= 6.1\"\n"
         "1:44: when: should be a condition such as \"kernel >= 6.1\"\n"},
	{"a number", "{nfsd: {threads: 8, when: cpus}}", "{\"nfsd\": {\"threads\": 8}}",
         "", "1:27: when \"cpus\": should be a condition\n"},
	{"a quoted one", "{nfsd: {when: 'cpus > cpu'}}", "{\"nfsd\": {}}", "",
         "1:23: when \"cpus > cpu\": \"cpu\": unknown (did you mean \"cpus\"?)\n"},
	{"drives outside a storage item", "{nfsd: {when: disks > 1 and disk_size > 1}}",
         "{\"nfsd\": {}}", "",
         "1:15: when \"disks > 1 and disk_size > 1\": \"disks\": valid only in a storage "
         "item, which selects the drives\n"},
	{"drives in another item", "{network: [{name: a, when: disks > 1}]}",
         "{\"network\": [{\"name\": \"a\"}]}", "",
         "1:28: when \"disks > 1\": \"disks\": valid only in a storage item, which selects "
         "the drives\n"},
	{"queues outside a network item", "{storage: [{name: a, when: queues > 1}]}",
         "{\"storage\": [{\"name\": \"a\"}]}", "",
         "1:28: when \"queues > 1\": \"queues\": valid only in a network item, which "
         "selects the interfaces\n"},
};

static const char *excluded_text(void)
{
	struct buf b = {0};

	for (size_t i = 0; i < out.n; i++) {
		const struct excluded *o = &out.list[i];

		assert_non_null(o->node);
		buf_addf(&b, "%s %s %u:%u (%s);", excluded_kind(o), o->name, o->at.line,
		         o->at.col, o->when);
	}
	return keep_text(buf_take(&b));
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *tree = yaml(row->yaml);

	conditions_apply(tree, &node, &out, diag);
	assert_string_equal(tree_text(tree), row->rest);
	assert_string_equal(excluded_text(), row->excluded);
	diag_sort(diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
}

/* Without a node nothing is skipped, and the same problems are reported. */
static void test_nowhere(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *tree = yaml(row->yaml);

	conditions_apply(tree, &nowhere, &out, diag);
	assert_int_equal(out.n, 0);
	diag_sort(diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
}

static void test_marks(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	struct node *tree = yaml(
		"{sysctl: {when: cpus > 1, a.b: 1, a.c: {value: 1, when: kernel > 6}}, "
		"modules: [{name: x, when: cpus > 2}, y], storage: [{name: d, when: disks > 1}], "
		"nfsd: {when: cpus > 3}}");
	const struct node *sysctl;

	(void)state;
	conditions_apply(tree, &nowhere, &out, diag);
	sysctl = node_get(tree, "sysctl");
	assert_text(node_get(sysctl, "a.b")->when, "cpus > 1");
	assert_text(node_get(sysctl, "a.c")->when, "(cpus > 1) and (kernel > 6)");
	assert_text(node_get(tree, "modules")->items[0]->when, "cpus > 2");
	assert_null(node_get(tree, "modules")->items[1]->when);
	assert_text(node_get(tree, "storage")->items[0]->when, "disks > 1");
	assert_text(node_get(tree, "nfsd")->when, "cpus > 3");
}

/* Deny the conditions one after another: replaced values come back. */
static void test_deny(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	struct node *tree =
		yaml("{version: 1, sysctl: {a.b: 1, a.c: 2}, storage: [{name: d, mount: "
	             "/a}], settings: {motd: x, k: {l: 3}}}");
	struct node *first = yaml_owned(
		"{sysctl: {when: cpus > 1, a.b: 10, a.d: 3}, storage: [{name: d, when: cpus > "
		"2, mount: /b, label: l}], settings: {k: {l: 4}}}");
	struct node *second = yaml_owned(
		"{sysctl: {a.b: {value: 20, when: cpus > 4}}, settings: {when: cpus > 2, motd: "
		"y, k: {l: 5, m: 6}}}");

	(void)state;
	conditions_apply(first, &nowhere, &out, diag);
	conditions_apply(second, &nowhere, &out, diag);
	merge_profile(tree, first);
	merge_profile(tree, second);
	assert_true(conditions_deny(tree)); /* cpus > 4 */
	assert_string_equal(
		tree_text(tree),
		"{\"version\": 1, \"sysctl\": {\"a.b\": 10, \"a.c\": 2, \"a.d\": 3}, "
		"\"storage\": [{\"name\": \"d\", \"mount\": \"/b\", \"label\": \"l\"}], "
		"\"settings\": {\"motd\": \"y\", \"k\": {\"l\": 5, \"m\": 6}}}");
	assert_true(conditions_deny(tree)); /* cpus > 1 */
	assert_true(conditions_deny(tree)); /* cpus > 2 */
	assert_string_equal(tree_text(tree),
	                    "{\"version\": 1, \"sysctl\": {\"a.b\": 1, \"a.c\": 2}, "
	                    "\"storage\": [{\"name\": \"d\", \"mount\": \"/a\"}], "
	                    "\"settings\": {\"motd\": \"x\", \"k\": {\"l\": 4}}}");
	assert_false(conditions_deny(tree));
}

static void test_unread_facts(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	conditions_apply(yaml("{nfsd: {when: cpus > 1}}"), &unread, &out, diag);
	assert_string_equal(
		diagnostics_text(diag),
		"1:15: when \"cpus > 1\": cannot read the facts of this host: "
		"/sys/devices/system/cpu/online: lists no CPUs\n");
	assert_int_equal(out.n, 0);
}

/* Only who asks for the size of the node needs it. */
static void test_unread_unused(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	conditions_apply(yaml("{nfsd: {when: page_size > 1}}"), &unread, &out, diag);
	assert_string_equal(diagnostics_text(diag), "");
	assert_int_equal(out.n, 1);
}

static void test_unset(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	conditions_apply(
		yaml("{modules: [{name: br_netfilter, when: cpus > 99}], sysctl: {when: cpus > "
	             "99, a.b: 1, a.c: 2}, settings: {when: cpus > 99, motd: x}}"),
		&node, &out, diag);
	assert_int_equal(out.n, 4);
	assert_true(exclusions_unset(&out, "a/b"));
	assert_false(exclusions_unset(&out, "a/b"));
	assert_true(exclusions_unset(&out, "br-netfilter"));
	assert_false(exclusions_unset(&out, "settings.motd"));
	assert_string_equal(
		excluded_text(),
		"sysctl a.c 1:86 (cpus > 99);setting settings.motd 1:123 (cpus > 99);");
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_rows(&s, rows, test_row);
	suite_rows(&s, rows, test_nowhere);
	suite_test(&s, "marks", test_marks);
	suite_test(&s, "denied conditions", test_deny);
	suite_test(&s, "unreadable facts", test_unread_facts);
	suite_test(&s, "unreadable facts that are not used", test_unread_unused);
	suite_test(&s, "unset", test_unset);
	return suite_run(&s);
}
