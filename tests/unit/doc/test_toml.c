/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/node.h"
#include "doc/toml.h"
#include "test.h"

static const struct row {
	const char *name, *yaml, *toml;
} rows[] = {
	{"an empty mapping", "{}", ""},
	{"values", "{a: 1, b: true, c: x, d: '1', e: 1.5, f: -3, g: }",
         "a = 1\nb = true\nc = \"x\"\nd = \"1\"\ne = 1.5\nf = -3\ng = \"\"\n"},
	{"a table", "{a: {b: 1}}", "[a]\nb = 1\n"},
	{"tables that hold only tables have no line", "{a: {b: {c: 1}}}",
         "[a.b]\nc = 1\n"},
	{"values precede tables", "{a: {x: {y: 1}, z: 2}, b: 3}",
         "b = 3\n\n[a]\nz = 2\n\n[a.x]\ny = 1\n"},
	{"an empty table", "{a: {b: {}}}", "[a.b]\n"},
	{"keys with dots", "{kernel: {sysctl: {vm.swappiness: '10'}}}",
         "[kernel.sysctl]\n\"vm.swappiness\" = \"10\"\n"},
	{"a table whose name has dots", "{a: {b.c: {d: 1}}}", "[a.\"b.c\"]\nd = 1\n"},
	{"keys with other letters", "{'': 1, \"q\\\"\": 2, \"\xc3\xa9\": 3, a b: 4}",
         "\"\" = 1\n\"q\\\"\" = 2\n\"\xc3\xa9\" = 3\n\"a b\" = 4\n"},
	{"lists", "{a: [1, x, [2]], b: []}", "a = [1, \"x\", [2]]\nb = []\n"},
	{"mappings in lists", "{a: [{b: 1, c.d: {e: 2}}, {}]}",
         "a = [{b = 1, \"c.d\" = {e = 2}}, {}]\n"},
	{"escapes", "{a: \"\\\"\\\\\\n\\t\\r\\b\\f\\e\\x7f\"}",
         "a = \"\\\"\\\\\\n\\t\\r\\b\\f\\u001B\\u007F\"\n"},
};

static void test_format(void **state)
{
	const struct row *row = *state;

	assert_string_equal(keep_text(node_toml_format(yaml(row->yaml))), row->toml);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_format);
	return suite_run(&s);
}
