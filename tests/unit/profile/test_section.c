/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/buf.h"
#include "doc/node.h"
#include "profile/section.h"
#include "resource/kinds.h"
#include "test.h"

static const struct row {
	const char *section, *yaml, *entries;
} rows[] = {
	{"modules", "[a, b]", "a=\"a\" 1:2;b=\"b\" 1:5;"},
	{"sysctl", "{vm.a: 1, vm.b: [2]}", "vm.a=1 1:2;vm.b=[2] 1:11;"},
	{"storage", "[{name: x, mount: /m}]",
         "x={\"name\": \"x\", \"mount\": \"/m\"} 1:2;"},
	{"nfsd", "{threads: 8}", "nfsd={\"threads\": 8} 1:1;"},
	{"nfsd", "{}", "nfsd={} 1:1;"},
	{"settings", "{a: {b: 1, \"c.d\": [2]}, e: {}}",
         "settings.a.b=1 1:6;settings.a.\"c.d\"=[2] 1:12;settings.e={} 1:25;"},
	{"settings", "{}", ""},
	{"sysctl", "{}", ""},
};

static void add(const struct kind *kind, const struct section_entry *e, void *arg)
{
	assert_ptr_equal(kind, kinds_find(kind->section));
	buf_addf(arg, "%s=%s %u:%u;", e->name, tree_text(e->node), e->at.line, e->at.col);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct buf b = {0};

	section_each(kinds_find(row->section), yaml(row->yaml), add, &b);
	assert_string_equal(keep_text(buf_take(&b)), row->entries);
}

static void count(const struct kind *kind, const struct section_entry *e, void *arg)
{
	size_t *dots = arg;

	(void)kind;
	for (const char *p = e->name; *p; p++)
		*dots += *p == '.';
}

/* The API's answers are not bound to the depth of a YAML document. */
static void test_deep(void **state)
{
	struct node *section = keep_node(node_new(NODE_MAP)), *at = section;
	size_t dots = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		at = node_get_map(at, "a");
	node_set(at, "b", node_new_uint(1));
	section_each(kinds_find("settings"), section, count, &dots);
	assert_int_equal(dots, 1001);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_test(&s, "deep", test_deep);
	return suite_run(&s);
}
