/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/suggest.h"
#include "doc/node.h"
#include "profile/merge.h"
#include "test.h"

static const struct row {
	const char *name, *base, *over, *merged;
} rows[] = {
	{"nothing over something", "{name: a}", "{}", "{\"name\": \"a\"}"},
	{"something over nothing", "{}", "{name: a, modules: [x]}",
         "{\"name\": \"a\", \"modules\": [\"x\"]}"},
	{"plain keys: later wins", "{version: 1, name: a, persist: true}",
         "{persist: false, name: b}",
         "{\"version\": 1, \"name\": \"b\", \"persist\": false}"},
	{"modules unite", "{modules: [a, b]}", "{modules: [c, b, d]}",
         "{\"modules\": [\"a\", \"b\", \"c\", \"d\"]}"},
	{"sysctls: later wins, others stay", "{sysctl: {vm.a: 1, vm.b: 2}}",
         "{sysctl: {vm.c: 3, vm.a: 4}}",
         "{\"sysctl\": {\"vm.a\": 4, \"vm.b\": 2, \"vm.c\": 3}}"},
	{"a sysctl is replaced as a whole",
         "{sysctl: {vm.a: {value: 1, optional: true}}}", "{sysctl: {vm.a: {min: 2}}}",
         "{\"sysctl\": {\"vm.a\": {\"min\": 2}}}"},
	{"storage: items by name, key by key",
         "{storage: [{name: a, mount: /a, label: x}, {name: b, mount: /b}]}",
         "{storage: [{name: b, mount: /c}, {name: a, label: y, options: [ro]}]}",
         "{\"storage\": [{\"name\": \"a\", \"mount\": \"/a\", \"label\": \"y\", \"options\": "
         "[\"ro\"]}, {\"name\": \"b\", \"mount\": \"/c\"}]}"},
	{"storage: a key is replaced as a whole",
         "{storage: [{name: a, disks: {count: 1, model: x}}]}",
         "{storage: [{name: a, disks: {count: 2}}]}",
         "{\"storage\": [{\"name\": \"a\", \"disks\": {\"count\": 2}}]}"},
	{"storage: a new item comes last", "{storage: [{name: a}]}",
         "{storage: [{name: b}]}",
         "{\"storage\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}"},
	{"nfsd key by key", "{nfsd: {threads: 8, start: true}}",
         "{nfsd: {threads: 16, pool-mode: auto}}",
         "{\"nfsd\": {\"threads\": 16, \"start\": true, \"pool-mode\": \"auto\"}}"},
	{"settings at every depth", "{settings: {a: {b: {c: 1, d: 2}}, e: 3}}",
         "{settings: {a: {b: {d: 4, f: 5}}, g: 6}}",
         "{\"settings\": {\"a\": {\"b\": {\"c\": 1, \"d\": 4, \"f\": 5}}, \"e\": 3, \"g\": 6}}"},
	{"settings: a list is one value", "{settings: {a: [1, 2]}}",
         "{settings: {a: [3]}}", "{\"settings\": {\"a\": [3]}}"},
	{"settings: a value for a tree", "{settings: {a: {b: 1}}}", "{settings: {a: 2}}",
         "{\"settings\": {\"a\": 2}}"},
	{"settings: a tree for a value", "{settings: {a: 2}}", "{settings: {a: {b: 1}}}",
         "{\"settings\": {\"a\": {\"b\": 1}}}"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct node *base = keep_node(yaml_owned(row->base));

	merge_profile(base, yaml_owned(row->over));
	assert_string_equal(tree_text(base), row->merged);
}

/* Merging a profile with itself changes nothing in any section. */
static void test_itself(void **state)
{
	const struct row *row = *state;
	struct node *base = keep_node(yaml_owned(row->base));
	const char *before = tree_text(base);

	merge_profile(base, yaml_owned(row->base));
	assert_string_equal(tree_text(base), before);
}

/* Format the history of a value, newest first, with lines: "3@9 2@2 1@1". */
static const char *history(const struct node *n)
{
	const char *text = "";

	for (; n; n = n->overrode)
		text = keep_text(mem_format("%s%s%s@%u", text, *text ? " " : "", n->text,
		                            n->at.line));
	return text;
}

static void test_overrode(void **state)
{
	struct node *base = keep_node(yaml_owned(
		"{name: a, sysctl: {vm.a: 1}, storage: [{name: s, label: x}], nfsd: "
		"{threads: 1}, settings: {m: {n: 1}}}"));
	const struct node *item;

	(void)state;
	merge_profile(
		base,
		yaml_owned("\n{name: b, sysctl: {vm.a: 2}, storage: [{name: s, "
	                   "label: y}], nfsd: {threads: 2}, settings: {m: {n: 2}}}"));
	merge_profile(
		base,
		yaml_owned("\n\n{name: c, sysctl: {vm.a: 3}, storage: [{name: s, "
	                   "label: z}], nfsd: {threads: 3}, settings: {m: {n: 3}}}"));
	assert_string_equal(history(node_get(base, "name")), "c@3 b@2 a@1");
	assert_string_equal(history(node_get(node_get(base, "sysctl"), "vm.a")),
	                    "3@3 2@2 1@1");
	assert_string_equal(history(node_get(node_get(base, "nfsd"), "threads")),
	                    "3@3 2@2 1@1");
	assert_string_equal(
		history(node_get(node_get(node_get(base, "settings"), "m"), "n")),
		"3@3 2@2 1@1");
	item = node_get(base, "storage")->items[0];
	assert_string_equal(history(node_get(item, "label")), "z@3 y@2 x@1");
}

/* A value that is not named again keeps its place and history. */
static void test_untouched(void **state)
{
	struct node *base = keep_node(yaml_owned("{sysctl: {vm.a: 1, vm.b: 1}}"));

	(void)state;
	merge_profile(base, yaml_owned("\n{sysctl: {vm.a: 2}}"));
	merge_profile(base, yaml_owned("\n\n{sysctl: {vm.b: 3}}"));
	assert_string_equal(history(node_get(node_get(base, "sysctl"), "vm.a")),
	                    "2@2 1@1");
	assert_string_equal(history(node_get(node_get(base, "sysctl"), "vm.b")),
	                    "3@3 1@1");
}

static void test_unset(void **state)
{
	struct node *base = yaml("{modules: [nfsd, tcp_bbr], sysctl: {a.b: 1, c.d: 2}, "
	                         "storage: [{name: x}, {name: y}], nfsd: {threads: 8}}");

	(void)state;
	assert_true(merge_unset(base, "a/b"));
	assert_false(merge_unset(base, "a.b"));
	assert_true(merge_unset(base, "tcp-bbr"));
	assert_true(merge_unset(base, "x"));
	assert_true(merge_unset(base, "nfsd"));
	assert_false(merge_unset(base, "modules"));
	assert_string_equal(tree_text(base),
	                    "{\"modules\": [], \"sysctl\": {\"c.d\": 2}, "
	                    "\"storage\": [{\"name\": \"y\"}]}");
}

/* If either profile has no condition, the merged value has none. */
static void test_conditions(void **state)
{
	struct node *base = keep_node(yaml_owned(
		"{modules: [a, b, c], storage: [{name: d}], nfsd: {threads: 1}}"));
	struct node *over =
		yaml_owned("{modules: [b, c], storage: [{name: d}], nfsd: {}}");
	const struct node *names = node_get(base, "modules");

	(void)state;
	for (size_t i = 0; i < names->n; i++)
		names->items[i]->when = mem_dup("x");
	node_get(base, "storage")->items[0]->when = mem_dup("x");
	node_get(base, "nfsd")->when = mem_dup("x");
	node_get(over, "modules")->items[1]->when = mem_dup("y");
	merge_profile(base, over);
	assert_text(names->items[0]->when, "x");
	assert_null(names->items[1]->when);
	assert_text(names->items[2]->when, "(x) or (y)");
	assert_null(node_get(base, "storage")->items[0]->when);
	assert_null(node_get(base, "nfsd")->when);
}

static void test_suggest(void **state)
{
	static const char *const pairs[][2] = {
		{"vm.swapiness", "vm.swappiness"},
		{"nfsb", "nfsd"},
		{"tcp_bbrr", "tcp_bbr"},
		{"dta", "data"},
		{"settings.mtd", NULL},
	};
	const struct node *base =
		yaml("{modules: [tcp_bbr], sysctl: {vm.swappiness: 1}, nfsd: {}, "
	             "storage: [{name: data}], settings: {motd: x}}");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct suggest near = {.typed = pairs[i][0]};

		merge_suggest(base, &near);
		assert_text(near.best, pairs[i][1]);
	}
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_rows(&s, rows, test_itself);
	suite_test(&s, "history of overridden values", test_overrode);
	suite_test(&s, "values that are not named stay", test_untouched);
	suite_test(&s, "unset", test_unset);
	suite_test(&s, "conditions", test_conditions);
	suite_test(&s, "suggest", test_suggest);
	return suite_run(&s);
}
