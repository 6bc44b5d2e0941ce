/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/node.h"
#include "profile/validate.h"
#include "test.h"

#define X32 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* Invalid parts are reported and removed; the rest can be checked further. */
static const struct row {
	const char *name, *yaml, *reported, *rest;
} rows[] = {
	{"every key",
         "{version: 1, name: a, description: b, persist: true, modules: [x], sysctl: {vm.a: 1}, "
         "storage: [{name: s, mount: /m}], nfsd: {threads: 8}, settings: {a: {b: 1}}}",
         "",
         "{\"version\": 1, \"name\": \"a\", \"description\": \"b\", \"persist\": true, "
         "\"modules\": [\"x\"], \"sysctl\": {\"vm.a\": 1}, \"storage\": [{\"name\": \"s\", "
         "\"mount\": \"/m\"}], \"nfsd\": {\"threads\": 8}, \"settings\": {\"a\": {\"b\": 1}}}"},
	{"empty sections",
         "{version: 1, modules: [], sysctl: {}, storage: [], settings: {}}", "",
         "{\"version\": 1, \"modules\": [], \"sysctl\": {}, \"storage\": [], \"settings\": {}}"},
	{"no version", "\nname: a\n", "2:1: version: is missing (add \"version: 1\")\n",
         "{\"name\": \"a\"}"},
	{"another version", "version: 2\n",
         "1:10: version \"2\": unknown (supported: 1)\n", "{}"},
	{"a version that is a list", "version: [1]\n",
         "1:10: version: is a list, should be a single value (write \"version: 1\")\n",
         "{}"},
	{"a quoted version", "version: '1'\n", "", "{\"version\": \"1\"}"},
	{"persist is no boolean", "{version: 1, persist: yes}",
         "1:23: persist \"yes\": should be true or false\n", "{\"version\": 1}"},
	{"persist is a quoted boolean", "{version: 1, persist: 'true'}",
         "1:23: persist \"true\": should be true or false\n", "{\"version\": 1}"},
	{"a name that is a mapping", "{version: 1, name: {a: b}}",
         "1:20: name: is a mapping, should be a single value (write \"name: VALUE\")\n",
         "{\"version\": 1}"},
	/* keys */
	{"misspelt key", "version: 1\nsysctls: {}\n",
         "2:1: unknown key \"sysctls\" (did you mean \"sysctl\"?)\n", "{\"version\": 1}"},
	{"misspelt plain key", "version: 1\npersits: true\n",
         "2:1: unknown key \"persits\" (did you mean \"persist\"?)\n",
         "{\"version\": 1}"},
	{"unknown key", "version: 1\nkubernetes: {}\n",
         "2:1: unknown key \"kubernetes\" (one of: version, name, description, persist, on-failure, include, unset, waive, modules, sysctl, network, memory, sysfs, storage, nfsd, settings)\n",
         "{\"version\": 1}"},
	{"several unknown keys", "a: 1\nversion: 1\nstorag: []\n",
         "1:1: unknown key \"a\" (one of: version, name, description, persist, on-failure, include, unset, waive, modules, sysctl, network, memory, sysfs, storage, nfsd, settings)\n3:1: unknown key \"storag\" (did you mean \"storage\"?)\n",
         "{\"version\": 1}"},
	/* shapes */
	{"modules as a mapping", "{version: 1, modules: {a: b}}",
         "1:23: modules: is a mapping, should be a list (write \"modules: [WORD, ...]\")\n",
         "{\"version\": 1}"},
	{"modules as a text", "{version: 1, modules: nfsd}",
         "1:23: modules: is a single value, should be a list (write \"modules: [nfsd]\")\n",
         "{\"version\": 1}"},
	{"sysctl as a list", "{version: 1, sysctl: [a]}",
         "1:22: sysctl: is a list, should be a mapping (write \"sysctl: {KEY: VALUE, ...}\")\n",
         "{\"version\": 1}"},
	{"sysctl without a value", "version: 1\nsysctl:\n",
         "2:8: sysctl: is a single value, should be a mapping (write \"sysctl: {KEY: VALUE, ...}\")\n",
         "{\"version\": 1}"},
	{"storage as a mapping", "{version: 1, storage: {name: a}}",
         "1:23: storage: is a mapping, should be a list (write \"storage: [{name: a, ...}]\")\n",
         "{\"version\": 1}"},
	{"nfsd as a number", "{version: 1, nfsd: 8}",
         "1:20: nfsd: is a single value, should be a mapping (write \"nfsd: {threads: 8}\")\n",
         "{\"version\": 1}"},
	{"settings as a list", "{version: 1, settings: []}",
         "1:24: settings: is a list, should be a mapping (write \"settings: {KEY: VALUE, ...}\")\n",
         "{\"version\": 1}"},
	/* items */
	{"a module that is not a name", "{version: 1, modules: [a, [b], {c: d}, '', e]}",
         "1:27: modules: an item is a list, should be a name (write \"- NAME\")\n"
         "1:32: modules: an item has no name\n1:33: modules: unknown key \"c\" (one of: when, name)\n"
         "1:40: modules: an item is empty, should be a name (write \"- NAME\")\n",
         "{\"version\": 1, \"modules\": [\"a\", \"e\"]}"},
	{"a module with a condition",
         "{version: 1, modules: [{name: br-netfilter, when: x}, br_netfilter]}",
         "1:55: modules \"br_netfilter\": duplicate name\n",
         "{\"version\": 1, \"modules\": [{\"name\": \"br_netfilter\", \"when\": \"x\"}]}"},
	{"a misspelt condition",
         "{version: 1, modules: [{name: a, whn: x}], nfsd: {wehn: y}, "
         "storage: [{name: b, wen: z}]}",
         "1:34: modules: unknown key \"whn\" (did you mean \"when\"?)\n"
         "1:51: nfsd: unknown key \"wehn\" (did you mean \"when\"?)\n"
         "1:81: storage: unknown key \"wen\" (did you mean \"when\"?)\n",
         "{\"version\": 1, \"modules\": [{\"name\": \"a\", \"whn\": \"x\"}], \"nfsd\": "
         "{\"wehn\": \"y\"}, \"storage\": [{\"name\": \"b\", \"wen\": \"z\"}]}"},
	{"storage items that are not mappings",
         "{version: 1, storage: [a, [b], {name: c}]}",
         "1:24: storage: an item is a single value, should be a mapping (write \"- name: a\")\n"
         "1:27: storage: an item is a list, should be a mapping (write \"- name: b\")\n",
         "{\"version\": 1, \"storage\": [{\"name\": \"c\"}]}"},
	{"an item without a name", "{version: 1, storage: [{mount: /a}]}",
         "1:24: storage: an item has no name\n", "{\"version\": 1, \"storage\": []}"},
	{"an item with an empty name", "{version: 1, storage: [{name: ''}]}",
         "1:31: storage: name should be text of at most 64 bytes\n",
         "{\"version\": 1, \"storage\": []}"},
	{"an item with a list for a name", "{version: 1, storage: [{name: [a]}]}",
         "1:31: storage: name should be text of at most 64 bytes\n",
         "{\"version\": 1, \"storage\": []}"},
	{"an item with the longest name", "{version: 1, storage: [{name: " X32 X32 "}]}",
         "", "{\"version\": 1, \"storage\": [{\"name\": \"" X32 X32 "\"}]}"},
	{"an item with too long a name", "{version: 1, storage: [{name: " X32 X32 "x}]}",
         "1:31: storage: name should be text of at most 64 bytes\n",
         "{\"version\": 1, \"storage\": []}"},
	{"two items of the same name",
         "{version: 1, storage: [{name: a, mount: /a}, {name: a}]}",
         "1:53: storage \"a\": duplicate name\n",
         "{\"version\": 1, \"storage\": [{\"name\": \"a\", \"mount\": \"/a\"}]}"},
	{"an unknown key in an item", "{version: 1, storage: [{name: a, monut: /a}]}",
         "1:34: storage: unknown key \"monut\" (did you mean \"mount\"?)\n",
         "{\"version\": 1, \"storage\": [{\"name\": \"a\", \"monut\": \"/a\"}]}"},
	{"an unknown key in an object", "{version: 1, nfsd: {threads: 8, thread: 9}}",
         "1:33: nfsd: unknown key \"thread\" (did you mean \"threads\"?)\n",
         "{\"version\": 1, \"nfsd\": {\"threads\": 8, \"thread\": 9}}"},
	/* names with several spellings */
	{"one spelling for a sysctl",
         "{version: 1, sysctl: {vm/a: 1, net/ipv4/conf/e.1/x: 2}}", "",
         "{\"version\": 1, \"sysctl\": {\"vm.a\": 1, \"net.ipv4.conf.e/1.x\": 2}}"},
	{"a sysctl in two spellings",
         "version: 1\nsysctl:\n  vm.a: 1\n  vm.b: 2\n  vm/a: 3\n",
         "5:3: key \"vm/a\": duplicate of \"vm.a\"\n",
         "{\"version\": 1, \"sysctl\": {\"vm.a\": 1, \"vm.b\": 2}}"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *root = keep_node(yaml_owned(row->yaml));

	assert_true(validate_tree(root, diag));
	diag_sort(diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
	assert_string_equal(tree_text(root), row->rest);
}

static const struct row useless[] = {
	{"a list for a profile", "\n- version: 1\n",
         "2:1: a profile must be a mapping, not a list\n", NULL},
	{"a text for a profile", "hello",
         "1:1: a profile must be a mapping, not a single value\n", NULL},
};

static void test_useless(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *root = keep_node(yaml_owned(row->yaml));

	assert_false(validate_tree(root, diag));
	assert_string_equal(diagnostics_text(diag), row->reported);
}

/* Places survive when the spelling of a key is normalised. */
static void test_places(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	struct node *root = keep_node(yaml_owned("version: 1\nsysctl:\n  vm/a: 1\n"));
	const struct node *section, *value;

	(void)state;
	assert_true(validate_tree(root, diag));
	section = node_get(root, "sysctl");
	assert_true(section->key_at.line == 2 && section->at.line == 3);
	value = node_get(section, "vm.a");
	assert_true(value->key_at.line == 3 && value->key_at.col == 3 &&
	            value->at.col == 9);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_rows(&s, useless, test_useless);
	suite_test(&s, "places", test_places);
	return suite_run(&s);
}
