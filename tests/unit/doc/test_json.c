/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/err.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"
#include "test.h"

#include <errno.h>

/* JSON that is parsed and formatted again. */
static const struct round {
	const char *name, *json;
	const char *again; /* NULL: the same */
} rounds[] = {
	{"object", "{\"a\": 1, \"b\": [true, false, null], \"c\": {}}", NULL},
	{"order of keys", "{\"z\": 1, \"a\": 2, \"m\": 3}", NULL},
	{"empty list", "[]", NULL},
	{"text", "\"x\"", NULL},
	{"number", "12", NULL},
	{"null", "null", NULL},
	{"text that looks like a number", "[\"12\", \"true\", \"null\", \"\"]", NULL},
	{"negative", "-9223372036854775808", NULL},
	{"largest", "9223372036854775807", NULL},
	{"real", "[0.5, -1.25]", NULL},
	{"whole real", "2.0", "2"},
	{"negative zero", "-0.0", "0"},
	{"escapes", "\"a\\\"b\\\\c\\n\\u00e9\"", "\"a\\\"b\\\\c\\n\xc3\xa9\""},
	{"blanks", " [ 1 ,\n2 ] ", "[1, 2]"},
	{"what is not printable", "{\"\\u007Fk\": \"\\u0080 \\u0085\\u2028\\uFEFF\"}",
         NULL},
	{"the same, unescaped", "[\"\x7f\xc2\x85\"]", "[\"\\u007F\\u0085\"]"},
	{"surrogates", "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
};

static void test_round(void **state)
{
	const struct round *row = *state;
	struct err e = {0};
	struct node *n = node_json_parse(row->json, strlen(row->json), &e);

	assert_string_equal(e.text, "");
	assert_non_null(n);
	keep_node(n);
	assert_string_equal(tree_text(n), row->again ? row->again : row->json);
}

static const struct fault {
	const char *name, *json;
	size_t len; /* 0: all */
	const char *message;
} faults[] = {
	{"nothing", "", 0, "line 1, column 0"},
	{"cut off", "{\"a\": [1, 2", 0, "not JSON: line 1, column 11: "},
	{"more behind", "{} x", 0, "not JSON: line 1, column 4: "},
	{"duplicate key", "{\"a\": 1,\n\"a\": 2}", 0,
         "not JSON: line 2, column 3: duplicate"},
	{"too big an integer", "[9223372036854775808]", 0, "too big"},
	{"NUL in the text", "{\"a\": \"b\0c\"}", 12, "not JSON"},
	{"NUL escaped", "[\"\\u0000\"]", 0, "not JSON"},
	{"not UTF-8", "[\"\xff\"]", 0, "not JSON: line 1, column 2: "},
	{"YAML", "a: b", 0, "not JSON: line 1, column "},
};

static void test_fault(void **state)
{
	const struct fault *row = *state;
	struct err e = {0};

	assert_null(
		node_json_parse(row->json, row->len ? row->len : strlen(row->json), &e));
	assert_int_equal(e.code, -EBADMSG);
	assert_part(e.text, row->message);
}

/* Nesting that would overflow the stack is refused. */
static void test_deep(void **state)
{
	char *deep = keep_text(mem_new(200001, 1));
	struct err e = {0};

	(void)state;
	memset(deep, '[', 100000);
	memset(deep + 100000, ']', 100000);
	assert_null(node_json_parse(deep, 200000, &e));
	assert_int_equal(e.code, -EBADMSG);
}

/* YAML scalars in JSON. */
static const struct scalar {
	const char *yaml, *json;
} scalars[] = {
	{"true", "true"},
	{"false", "false"},
	{"'true'", "\"true\""},
	{"null", "null"},
	{"~", "null"},
	{"''", "\"\""},
	{"0", "0"},
	{"-7", "-7"},
	{"1.5", "1.5"},
	{".5", "0.5"},
	{"1e3", "1000.0"},
	{"'1.5'", "\"1.5\""},
	{"4.1.2", "\"4.1.2\""},
	{"1e999", "\"1e999\""}, /* not a JSON number */
	{"inf", "\"inf\""},
	{"nan", "\"nan\""},
	{".inf", "\".inf\""},
	{"0x10", "\"0x10\""},
	{"-", "\"-\""},
	{"1-2", "\"1-2\""},
	{"e", "\"e\""},
	{"yes", "\"yes\""},
	{"16MiB", "\"16MiB\""},
	{"2026-01-01", "\"2026-01-01\""},
};

static void test_scalar(void **state)
{
	const struct scalar *row = *state;
	/* in a mapping: a lone "-" would be a list */
	char *text = keep_text(mem_format("{a: %s}", row->yaml));
	const struct node *n;

	if (strcmp(row->yaml, "-") == 0)
		n = keep_node(node_new_plain("-"));
	else
		n = yaml(text)->items[0];
	assert_string_equal(tree_text(n), row->json);
}

static void test_pretty(void **state)
{
	(void)state;
	assert_string_equal(keep_text(node_json_format(yaml("{a: [1, {}], b: x}"), true)),
	                    "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x\"\n}");
}

/* A host can return any bytes: the member must not be lost. */
static void test_not_utf8(void **state)
{
	struct node *map = keep_node(node_new(NODE_MAP));
	struct err e = {0};
	struct node *back;
	const char *text;

	(void)state;
	node_set_text(map, "live", "caf\xe9");
	node_set_text(map, "wanted", "x");
	text = tree_text(map);
	back = node_json_parse(text, strlen(text), &e);
	assert_string_equal(e.text, "");
	keep_node(back);
	assert_non_null(node_get(back, "live"));
	assert_part(node_get(back, "live")->text, "caf");
	assert_non_null(node_get(back, "wanted"));
}

/* The limit applies before parsing: a string is one value, broken JSON counts, too. */
static const struct some {
	const char *text;
	size_t max;
	bool read;
} somes[] = {
	{"[1, 2, 3]", 4, true},
	{"[1, 2, 3]", 3, false},
	{"{\"a\": 1, \"b\": [2]}", 4, true},
	{"{\"a\": 1, \"b\": [2]}", 3, false},
	{"\",,,,[[{{\"", 1, true}, /* nothing inside a string counts */
	{"\"\\\",,,\"", 1, true},
	{"[\"a\\\\\", 1, 1, 1]", 4, false},
	{"[[[[[[", 6, false},
	{"1", 1, true},
};

static void test_some(void **state)
{
	const struct some *row = *state;
	struct err e = {0};
	struct node *n = node_json_parse_some(row->text, strlen(row->text), row->max, &e);

	if (n)
		keep_node(n);
	assert_int_equal(n != NULL, row->read);
	if (!row->read)
		assert_part(e.text, "more than");
}

/* "PLACE " of each value and key of the tree, in the order of the text. */
static void add_places(struct buf *b, const struct node *n)
{
	if (n->key)
		buf_addf(b, "%u:%u=", n->key_at.line, n->key_at.col);
	buf_addf(b, "%u:%u ", n->at.line, n->at.col);
	if (n->type != NODE_SCALAR)
		node_for_each (item, n)
			add_places(b, item);
}

static const struct placed {
	const char *name, *json, *places;
} places[] = {
	{"scalars", "[1, \"a\", true]", "1:1 1:2 1:5 1:10 "},
	{"keys", "{\"a\": 1,\n \"b\" : {}}", "1:1 1:2=1:7 2:2=2:8 "},
	{"brackets in texts", "{\"]\": \"}\\\"{\", \"b\": 2}", "1:1 1:2=1:7 1:15=1:20 "},
	{"backslash at the end", "[\"\\\\\", 1]", "1:1 1:2 1:8 "},
	{"characters, not bytes", "[\"\xc3\xa9\", 1]", "1:1 1:2 1:7 "},
	{"empty ones", "[[], {}, [\n]]", "1:1 1:2 1:6 1:10 "},
	{"other ends of lines", "[1,\r\n\t\"\xc2\x85\", 2]", "1:1 1:2 2:2 2:7 "},
};

static void test_places(void **state)
{
	const struct placed *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *n = node_json_parse_placed(row->json, strlen(row->json), "f", diag);
	struct buf b = {0};

	assert_string_equal(diagnostics_text(diag), "");
	assert_non_null(n);
	add_places(&b, keep_node(n));
	assert_string_equal(keep_text(b.text), row->places);
}

/* A YAML reader would refuse a key of more than 1024 characters. */
static void test_long_key(void **state)
{
	char *json = keep_text(mem_format("{\"%0*d\": 1, \"b\": 2}", 4096, 7));
	struct diagnostics *diag = new_diagnostics();
	struct node *n = node_json_parse_placed(json, strlen(json), "f", diag);

	(void)state;
	assert_non_null(n);
	assert_int_equal(node_get(keep_node(n), "b")->key_at.col, 4105);
}

static void test_placed_deep(void **state)
{
	char json[2 * 34];
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	memset(json, '[', 34);
	memset(json + 34, ']', 34);
	assert_non_null(keep_node(node_json_parse_placed(json + 1, 66, "f", diag)));
	assert_string_equal(diagnostics_text(diag), "");
	assert_null(node_json_parse_placed(json, 68, "f", diag));
	assert_part(diagnostics_text(diag), "1:34: nested too deeply");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rounds, test_round);
	suite_rows(&s, faults, test_fault);
	suite_rows(&s, scalars, test_scalar);
	suite_rows(&s, somes, test_some);
	suite_rows(&s, places, test_places);
	suite_test(&s, "a long key has its place", test_long_key);
	suite_test(&s, "too deep for a place", test_placed_deep);
	suite_test(&s, "too deep", test_deep);
	suite_test(&s, "pretty", test_pretty);
	suite_test(&s, "a text that is not UTF-8 is not lost", test_not_utf8);
	return suite_run(&s);
}
