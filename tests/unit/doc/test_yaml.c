/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "test.h"

#define NO_ALIASES ": anchors and aliases are not supported (write the value out)\n"
#define NO_TAGS    ": tags are not supported (remove it)\n"
#define EMPTY      "1:1: empty: there must be at least \"version: 1\"\n"
#define TAB        ": tab character: YAML allows only spaces for indentation\n"
#define UTF8       ": not valid UTF-8: "
#define DEEP       ": nested too deeply (limit: 32 levels)\n"
#define BOM        "\xef\xbb\xbf"

static const struct row {
	const char *name, *text;
	const char *reported; /* problems; "" for none */
	const char *tree;     /* JSON; NULL: no tree */
	size_t len;           /* 0: up to the NUL */
} rows[] = {
	/* valid */
	{"scalars", "a: 1\nb: x y\nc: '1'\nd: \"\\u00e9\"\ne:\n", "",
         "{\"a\": 1, \"b\": \"x y\", \"c\": \"1\", \"d\": \"\xc3\xa9\", \"e\": null}", 0},
	{"block and flow", "a:\n  - 1\n  - {b: [2, 3]}\n", "",
         "{\"a\": [1, {\"b\": [2, 3]}]}", 0},
	{"literal and folded", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", "",
         "{\"a\": \"x\\ny\\n\", \"b\": \"x y\"}", 0},
	{"comments", "# first\na: 1 # why\n# last", "", "{\"a\": 1}", 0},
	{"CRLF", "a: 1\r\nb:\r\n  - 2\r\n", "", "{\"a\": 1, \"b\": [2]}", 0},
	{"start and end of the document", "%YAML 1.1\n---\na: 1\n...\n", "", "{\"a\": 1}",
         0},
	{"no newline at the end", "a: 1", "", "{\"a\": 1}", 0},
	{"a list at the top", "- a\n", "", "[\"a\"]", 0},
	{"a scalar at the top", "a\n", "", "\"a\"", 0},
	{"a tab behind a colon", "a:\t1\n", "", "{\"a\": 1}", 0},
	{"the merge key is a key", "<<: {a: 1}\n", "", "{\"<<\": {\"a\": 1}}", 0},
	{"byte order mark", BOM "version: 1\nname: x\n", "",
         "{\"version\": 1, \"name\": \"x\"}", 0},
	{"byte order mark, then a comment", BOM "# c\nversion: 1\nname: x\n", "",
         "{\"version\": 1, \"name\": \"x\"}", 0},
	/* empty */
	{"empty", "", EMPTY, NULL, 0},
	{"only line ends", "\n\n", EMPTY, NULL, 0},
	{"only comments", "# a\n  # b\n", EMPTY, NULL, 0},
	{"only the start of a document", "---\n---\n",
         "2:1: second document: there must be a single document\n", NULL, 0},
	{"only a byte order mark", BOM, EMPTY, NULL, 0},
	/* keys */
	{"duplicate key", "a: 1\nb: 2\na: 3\n",
         "3:1: key \"a\": duplicate (first at line 1)\n", "{\"a\": 1, \"b\": 2}", 0},
	{"duplicate keys, deep and quoted", "a:\n  b: {c: 1, \"c\": 2}\n  b: 3\n",
         "2:13: key \"c\": duplicate (first at line 2)\n"
         "3:3: key \"b\": duplicate (first at line 2)\n",
         "{\"a\": {\"b\": {\"c\": 1}}}", 0},
	{"a list as a key", "? [a]\n: 1\n", "1:3: a key must be plain text\n", NULL, 0},
	{"a mapping as a key", "x: {{a: 1}: b}\n", "1:5: a key must be plain text\n",
         NULL, 0},
	{"an alias as a key", "*a : 1\n", "1:1: a key must be plain text\n", NULL, 0},
	{"NUL in a key", "a: 1\n\"b\\0c\": 1\n",
         "2:1: a key must not contain a NUL character\n", NULL, 0},
	{"NUL in a value", "a: 1\nb: [\"x\\0y\"]\n",
         "2:5: a value must not contain a NUL character\n", "{\"a\": 1, \"b\": [\"x\"]}",
         0},
	/* anchors, aliases, tags: each is reported */
	{"anchor", "a: &x 1\n", "1:4: anchor \"&x\"" NO_ALIASES, "{\"a\": 1}", 0},
	{"anchors on a list, a mapping and a key", "a: &x [1]\nb: &y {c: 1}\n&z d: 2\n",
         "1:4: anchor \"&x\"" NO_ALIASES "2:4: anchor \"&y\"" NO_ALIASES
         "3:1: anchor \"&z\"" NO_ALIASES,
         "{\"a\": [1], \"b\": {\"c\": 1}, \"d\": 2}", 0},
	{"alias", "a: 1\nb: *x\nc: [*y, 2]\n",
         "2:4: alias \"*x\"" NO_ALIASES "3:5: alias \"*y\"" NO_ALIASES,
         "{\"a\": 1, \"c\": [2]}", 0},
	{"an alias within its own anchor", "a: &x [*x]\n",
         "1:4: anchor \"&x\"" NO_ALIASES "1:8: alias \"*x\"" NO_ALIASES, "{\"a\": []}",
         0},
	{"tag", "a: !!int 1\n", "1:4: tag \"tag:yaml.org,2002:int\"" NO_TAGS,
         "{\"a\": 1}", 0},
	{"tags on a list, a mapping and a key", "a: !x [1]\nb: !y {c: 1}\n!z d: 2\n",
         "1:4: tag \"!x\"" NO_TAGS "2:4: tag \"!y\"" NO_TAGS "3:1: tag \"!z\"" NO_TAGS,
         "{\"a\": [1], \"b\": {\"c\": 1}, \"d\": 2}", 0},
	{"anchor and tag", "a: &x !t 1\n",
         "1:4: anchor \"&x\"" NO_ALIASES "1:4: tag \"!t\"" NO_TAGS, "{\"a\": 1}", 0},
	/* documents */
	{"a second document", "a: 1\n---\nb: 2\n",
         "2:1: second document: there must be a single document\n", NULL, 0},
	{"a second document behind an end", "a: 1\n...\n---\nb: 2\n---\nc: 3\n",
         "3:1: second document: there must be a single document\n", NULL, 0},
	{"text behind the end", "a: 1\n...\nb\n",
         "3:1: not YAML: did not find expected <document start>\n", NULL, 0},
	/* tabs */
	{"tab indentation", "a:\n\tb: 1\n", "2:1" TAB, NULL, 0},
	{"tab on the first line", "\ta: 1\n", "1:1" TAB, NULL, 0},
	{"tab in a list", "a:\n  - b\n\t- c\n", "3:1" TAB, NULL, 0},
	{"tab behind letters that are no ASCII", "# \xc3\xa9\xc3\xa9\na:\n\tb: 1\n",
         "3:1" TAB, NULL, 0},
	/* encodings; the column counts characters */
	{"invalid UTF-8", "a: \xff\n", "1:4" UTF8 "invalid leading UTF-8 octet\n", NULL,
         0},
	{"invalid UTF-8 on the third line", "a: 1\nb: 2\nc: xy\xffz\n",
         "3:6" UTF8 "invalid leading UTF-8 octet\n", NULL, 0},
	{"invalid UTF-8 behind letters that are no ASCII",
         "a: 1\nb: \xc3\xa9\xe2\x82\xac\xff\n",
         "2:6" UTF8 "invalid leading UTF-8 octet\n", NULL, 0},
	{"UTF-8 cut off", "a: b\xc3", "1:5" UTF8 "incomplete UTF-8 octet sequence\n",
         NULL, 0},
	{"surrogate in UTF-8", "a: \xed\xa0\x80\n",
         "1:4" UTF8 "invalid Unicode character\n", NULL, 0},
	{"overlong UTF-8", "a: \xc0\xaf\n",
         "1:4" UTF8 "invalid length of a UTF-8 sequence\n", NULL, 0},
	{"UTF-16",
         "\xff\xfe"
         "a\0:\0",
         "1:1" UTF8 "invalid leading UTF-8 octet\n", NULL, 6},
	{"NUL byte", "a: x\0y\n", "1:5" UTF8 "control characters are not allowed\n", NULL,
         7},
	{"control character", "a: 1\nb: \033[31m\n",
         "2:4" UTF8 "control characters are not allowed\n", NULL, 0},
	/* not YAML: only the first error is reported */
	{"open list", "a: [1, 2\n",
         "2:1: not YAML: did not find expected ',' or ']' while parsing a flow sequence\n",
         NULL, 0},
	{"open quote", "a: \"x\n",
         "2:1: not YAML: found unexpected end of stream while scanning a quoted scalar\n",
         NULL, 0},
	{"two colons", "a: b: c\n",
         "1:5: not YAML: mapping values are not allowed in this context\n", NULL, 0},
	{"bad indentation", "a:\n    b: 1\n  c: 2\n",
         "3:3: not YAML: did not find expected key while parsing a block mapping\n", NULL,
         0},
	{"reserved character", "a: 1\nb: @x\n",
         "2:4: not YAML: found character that cannot start any token while scanning for the "
         "next token (quote a value that begins with % or @)\n",
         NULL, 0},
	{"unknown escape", "a: \"\\q\"\n",
         "1:5: not YAML: found unknown escape character while parsing a quoted scalar\n",
         NULL, 0},
	{"an alias without a name", "a: *\n",
         "1:5: not YAML: did not find expected alphabetic or numeric character while scanning "
         "an alias\n",
         NULL, 0},
	{"YAML 3.0", "%YAML 3.0\n---\na: 1\n",
         "1:1: not YAML: found incompatible YAML document\n", NULL, 0},
	{"problems before a syntax error stay", "a: &x 1\na: 2\nb: [\n",
         "1:4: anchor \"&x\"" NO_ALIASES "2:1: key \"a\": duplicate (first at line 1)\n"
         "4:1: not YAML: did not find expected node content while parsing a flow node\n",
         NULL, 0},
};

static struct node *parse(const char *text, size_t len, struct diagnostics *diag)
{
	/* exactly as long as the text: sanitizers catch a read beyond it */
	char *copy = keep_text(memcpy(mem_new(len, 1), text, len));

	return keep_node(node_yaml_parse(copy, len, "test.yaml", diag));
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *n = parse(row->text, row->len ? row->len : strlen(row->text), diag);

	assert_string_equal(diagnostics_text(diag), row->reported);
	assert_string_equal(tree_text(n), row->tree ? row->tree : "(none)");
	for (size_t i = 0; i < diag->n; i++)
		assert_string_equal(diag->list[i].file, "test.yaml");
}

static const struct deep {
	const char *name, *open, *close;
	unsigned n;
	const char *reported;
} deeps[] = {
	{"32 lists are read", "[", "]", 32, ""},
	{"33 lists are too deep", "[", "]", 33, "1:34" DEEP},
	{"32 mappings are read", "{a: ", "}", 32, ""},
	{"33 mappings are too deep", "{a: ", "}", 33, "1:133" DEEP},
	{"a million open lists", "[", "", 1000000, "1:34" DEEP},
	{"a hundred thousand block lists", "- ", "", 100000, "1:67" DEEP},
};

static void test_deep(void **state)
{
	const struct deep *row = *state;
	struct diagnostics *diag = new_diagnostics();
	_buf_ struct buf b = {0};
	char *text;
	struct node *n;

	for (unsigned i = 0; i < row->n; i++)
		buf_add(&b, row->open);
	buf_add(&b, "x");
	for (unsigned i = 0; i < row->n; i++)
		buf_add(&b, row->close);
	text = keep_text(buf_take(&b));
	n = parse(text, strlen(text), diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
	assert_int_equal(!n, *row->reported != '\0');
}

/* "a: xxx...\n" of `len` bytes */
static struct node *parse_large(size_t len, struct diagnostics *diag)
{
	char *text = keep_text(mem_new(len, 1));

	memset(text, 'x', len);
	memcpy(text, "a: ", 3);
	text[len - 1] = '\n';
	return keep_node(node_yaml_parse(text, len, "test.yaml", diag));
}

static void test_large(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	assert_non_null(parse_large(NODE_YAML_SIZE_MAX, diag));
	assert_string_equal(diagnostics_text(diag), "");
	assert_null(parse_large(NODE_YAML_SIZE_MAX + 1, diag));
	assert_string_equal(diagnostics_text(diag),
	                    "1:1: too large (limit: 1 MiB, 1048576 bytes)\n");
}

/* Alias bomb: nine levels of nine aliases would be 387 million nodes. */
static void test_alias_bomb(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	_buf_ struct buf b = {0};
	int64_t start = clock_ms();
	char *text;

	(void)state;
	buf_add(&b, "a0: &a0 lol\n");
	for (unsigned i = 1; i <= 9; i++) {
		buf_addf(&b, "a%u: &a%u [", i, i);
		for (unsigned j = 0; j < 9; j++)
			buf_addf(&b, "%s*a%u", j ? ", " : "", i - 1);
		buf_add(&b, "]\n");
	}
	text = keep_text(buf_take(&b));
	(void)parse(text, strlen(text), diag);
	assert_int_equal(diag->n, 10 + 9 * 9);
	assert_true(clock_ms() - start < 1000);
}

static void test_many_keys(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	_buf_ struct buf b = {0};
	int64_t start = clock_ms();
	const struct node *n;
	char *text;

	(void)state;
	for (unsigned i = 0; i < 50000; i++)
		buf_addf(&b, "net.key%u: %u\n", i, i);
	text = keep_text(buf_take(&b));
	n = parse(text, strlen(text), diag);
	assert_int_equal(diag->n, 0);
	assert_int_equal(n->n, 50000);
	assert_string_equal(node_get(n, "net.key49999")->text, "49999");
	/* measured: 0.25 s; a linear lookup would take minutes */
	assert_true(clock_ms() - start < 5000);
}

static void test_places(void **state)
{
	const struct node *n =
		yaml("a: 1\n# c\nb:\n  - x\n  - {c: \"d\"}\n\xc3\xa9\xc3\xa9: y\n");
	const struct node *b = node_get(n, "b"), *c = node_get(b->items[1], "c"),
			  *last = n->items[2];

	(void)state;
	assert_string_equal(n->at.file, "test.yaml");
	assert_true(n->at.line == 1 && n->at.col == 1);
	assert_true(b->key_at.line == 3 && b->key_at.col == 1);
	assert_true(b->at.line == 4 && b->at.col == 3);
	assert_true(b->items[0]->at.line == 4 && b->items[0]->at.col == 5);
	assert_true(c->key_at.line == 5 && c->key_at.col == 6);
	assert_true(c->at.line == 5 && c->at.col == 9);
	/* columns count characters, like editors do */
	assert_true(last->at.line == 6 && last->at.col == 5);
	assert_string_equal(c->at.file, "test.yaml");
}

static void test_plain(void **state)
{
	const struct node *n = yaml("[a, 'b', \"c\"]");

	(void)state;
	assert_true(n->items[0]->plain);
	assert_false(n->items[1]->plain);
	assert_false(n->items[2]->plain);
	assert_false(yaml("|\n  x\n")->plain);
}

/* Problems added before do not count as problems of this text. */
static void test_told_before(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	diag_error(diag, (struct place){"other.yaml", 1, 1}, "added before");
	assert_null(parse("", 0, diag));
	assert_string_equal(diagnostics_text(diag), "1:1: added before\n" EMPTY);
	assert_non_null(parse("a: 1\n", 5, diag));
	assert_int_equal(diag->n, 2);
}

/* Every prefix of a text is parsed in bounded time without a crash. */
static void test_prefixes(void **state)
{
	static const char text[] =
		"a: &x [1, {b: *x, \xc3\xa9: \"\\u00e9\\n\"}]\n? c\n: |\n  d\n"
		"e: !t 'f'\n...\n---\n- g\n";
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		size_t before = diag->n;
		const struct node *n = parse(text, len, diag);

		assert_true(n || diag->n > before);
	}
}

/* Formatted YAML looks as expected and parses to the same tree. */
static const struct format_row {
	const char *name, *text;
	const char *written; /* NULL: the same as `text` */
} format_rows[] = {
	{"plain and quoted", "a: 1\nb: \"1\"\nc: x y\n", NULL},
	{"a formula", "a: = max(8, cpus)\n", NULL},
	{"a formula from a flow mapping", "{a: \"= max(8, cpus)\"}",
         "a: \"= max(8, cpus)\"\n"},
	{"lists and mappings", "a:\n- b: 1\n  c: 2\n- - x\n", NULL},
	{"empty ones", "a: []\nb: {}\nc:\n", NULL},
	{"several lines", "a: |\n  x\n\n  y\n", NULL},
	{"several lines without an end", "a: |-\n  x\n  y\n", NULL},
	{"keys that need quotes", "'a: b': 1\n'': 2\n", NULL},
	{"not ASCII", "a: \"\xc3\xa9\"\n", NULL},
	{"a control character", "a: \"\\e\"\n", NULL},
	{"a long line is not folded",
         "a: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
         "0123456789 0123456789 0123456789\n",
         NULL},
	{"a list at the top", "- 1\n- \"2\"\n", NULL},
};

static void test_format(void **state)
{
	const struct format_row *row = *state;
	const struct node *tree = yaml(row->text);
	const char *written = keep_text(node_yaml_format(tree));

	assert_string_equal(written, row->written ? row->written : row->text);
	assert_true(node_equal(tree, yaml(written)));
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_rows(&s, deeps, test_deep);
	suite_test(&s, "1 MiB is read, a byte more is not", test_large);
	suite_test(&s, "alias bomb", test_alias_bomb);
	suite_test(&s, "fifty thousand keys", test_many_keys);
	suite_test(&s, "places", test_places);
	suite_test(&s, "plain or quoted", test_plain);
	suite_test(&s, "earlier problems", test_told_before);
	suite_test(&s, "every prefix of a text", test_prefixes);
	suite_rows(&s, format_rows, test_format);
	return suite_run(&s);
}
