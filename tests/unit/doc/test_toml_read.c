/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading TOML. test_toml.c has the writer. */
#include "base/mem.h"
#include "doc/node.h"
#include "doc/toml.h"
#include "test.h"

static const struct row {
	const char *name, *text;
	const char *json; /* the tree, or else the error */
} rows[] = {
	{"nothing", "", "{}"},
	{"white space", " \t\r\n\n", "{}"},
	{"a key", "a = 1", "{\"a\": 1}"},
	{"no blanks", "a=1\n", "{\"a\": 1}"},
	{"dotted keys", "a.b . c = 1\na.d = 2", "{\"a\": {\"b\": {\"c\": 1}, \"d\": 2}}"},
	{"quoted keys", "\"a.b\" = 1\n'c d' = 2\n\"\" = 3",
         "{\"a.b\": 1, \"c d\": 2, \"\": 3}"},
	{"digits as a key", "1234 = 1\n1.2 = 3", "{\"1234\": 1, \"1\": {\"2\": 3}}"},
	{"tables", "[a]\nb = 1\n[ a . c ]\nd = 2\n[e]",
         "{\"a\": {\"b\": 1, \"c\": {\"d\": 2}}, \"e\": {}}"},
	{"a table after the one below it", "[a.b]\nc = 1\n[a]\nd = 2",
         "{\"a\": {\"b\": {\"c\": 1}, \"d\": 2}}"},
	{"lists of tables", "[[a]]\nb = 1\n[a.c]\nd = 2\n[[a]]\n",
         "{\"a\": [{\"b\": 1, \"c\": {\"d\": 2}}, {}]}"},
	{"inline tables", "a = {b = 1, c.d = \"x\"}\ne = {}",
         "{\"a\": {\"b\": 1, \"c\": {\"d\": \"x\"}}, \"e\": {}}"},
	{"lists", "a = [1, [2, 3], [], {b = 4}]", "{\"a\": [1, [2, 3], [], {\"b\": 4}]}"},
	{"a list in lines", "a = [ # x\n 1, # y\n\n 2,\n]", "{\"a\": [1, 2]}"},
	{"truth values", "a = true\nb = false", "{\"a\": true, \"b\": false}"},
	{"numbers", "a = +1\nb = -17\nc = 1_000\nd = 0x1F\ne = 0o17\nf = 0b101\ng = 0",
         "{\"a\": 1, \"b\": -17, \"c\": 1000, \"d\": 31, \"e\": 15, \"f\": 5, \"g\": 0}"},
	{"the largest number", "a = 9223372036854775807", "{\"a\": 9223372036854775807}"},
	{"reals", "a = 1.5\nb = -2e3\nc = +6.25e-1",
         "{\"a\": 1.5, \"b\": -2000.0, \"c\": 0.625}"},
	{"no numbers", "a = inf\nb = -nan", "{\"a\": \"inf\", \"b\": \"-nan\"}"},
	{"dates are text",
         "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00\nc = 07:32:00",
         "{\"a\": \"1979-05-27T07:32:00Z\", \"b\": \"1979-05-27 07:32:00\", \"c\": "
         "\"07:32:00\"}"},
	{"numbers in quotes are text", "a = \"1\"\nb = 'true'",
         "{\"a\": \"1\", \"b\": \"true\"}"},
	{"escapes", "a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"",
         "{\"a\": \"\\b\\t\\n\\f\\r\\\"\\\\\xc3\xa9\xf0\x9f\x98\x80\"}"},
	{"no escapes in apostrophes", "a = 'C:\\n'", "{\"a\": \"C:\\\\n\"}"},
	{"text in lines", "a = \"\"\"\nb\n\"c\" \\\n   d\"\"\"",
         "{\"a\": \"b\\n\\\"c\\\" d\"}"},
	{"text in lines, as it is", "a = '''\r\nb\\\r\n'c''''",
         "{\"a\": \"b\\\\\\n'c'\"}"},
	{"quotes before the closing ones", "a = \"\"\"\"b\"\"\"\"\"",
         "{\"a\": \"\\\"b\\\"\\\"\"}"},
	{"a mark of comments in a text", "a = \"# b\" # c", "{\"a\": \"# b\"}"},

	{"no value", "a =\n", "1:4: a value is missing"},
	{"no value at the end", "a = ", "1:5: a value is missing"},
	{"no =", "a 1", "1:3: = is missing after a key"},
	{"no key", "= 1", "1:1: not a key (quote other characters)"},
	{"a bare word", "\na = b", "2:5: not a TOML value (quote a text)"},
	{"two values", "a = 1 b = 2", "1:7: more text after a value"},
	{"a leading zero", "a = 012", "1:5: not a TOML value (quote a text)"},
	{"an underscore at the end", "a = 1_", "1:5: not a TOML value (quote a text)"},
	{"a dot at the end", "a = 1.", "1:5: not a TOML value (quote a text)"},
	{"a number too large", "a = 9223372036854775808",
         "1:5: not a TOML value (quote a text)"},
	{"hex without digits", "a = 0x", "1:5: not a TOML value (quote a text)"},
	{"an open text", "a = \"b\nc = 1", "1:5: string without its closing quote"},
	{"an open text in lines", "a = '''b\n", "1:5: string without its closing quote"},
	{"an unknown escape", "a = \"\\x\"", "1:6: unknown escape in a string"},
	{"half a surrogate pair", "a = \"\\ud83d\"", "1:6: unknown escape in a string"},
	{"an escaped NUL", "a = \"\\u0000\"", "1:6: unknown escape in a string"},
	{"a short escape", "a = \"\\u00\"", "1:6: unknown escape in a string"},
	{"an open list", "a = [1, 2", "1:10: a comma or ] is missing"},
	{"no comma in a list", "a = [1 2]", "1:8: a comma or ] is missing"},
	{"no comma in a table", "a = {b = 1 c = 2}", "1:12: a comma or } is missing"},
	{"an open header", "[a\n", "1:3: ] is missing"},
	{"half a closing of a list", "[[a]\n", "1:4: ] is missing"},
	{"text after a header", "[a] b", "1:5: more text after a value"},
	{"a key twice", "a = 1\na = 2", "2:1: duplicate key"},
	{"a table twice", "[a]\nb = 1\n[a]", "3:2: duplicate table"},
	{"a value as a table", "a = 1\na.b = 2", "2:1: the key has a value already"},
	{"a value as a list of tables", "a = 1\n[[a]]",
         "2:3: the key has a value already"},
	{"a text in lines as a key", "\"\"\"a\"\"\" = 1", "1:1: a key is on one line"},
	{"columns count characters", "a = [\"\xc3\xa9\", b]",
         "1:11: not a TOML value (quote a text)"},
};

static void test_read(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *n = node_toml_parse(row->text, strlen(row->text), "x", diag);

	if (n) {
		assert_int_equal(diag->n, 0);
		assert_string_equal(tree_text(keep_node(n)), row->json);
	} else {
		char *error = keep_text(mem_dup(diagnostics_text(diag)));
		char *mark = strstr(error, "not TOML: ");

		assert_non_null(mark);
		memmove(mark, mark + strlen("not TOML: "),
		        strlen(mark + strlen("not TOML: ")) + 1);
		error[strcspn(error, "\n")] = '\0';
		assert_string_equal(error, row->json);
	}
}

static void test_depth(void **state)
{
	char text[256] = "a = ";
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	memset(text + strlen(text), '[', 40);
	assert_null(node_toml_parse(text, strlen(text), "x", diag));
	assert_part(diagnostics_text(diag), "nested too deeply");
	memset(text, 0, sizeof(text));
	for (size_t i = 0; i < 40; i++)
		memcpy(text + strlen(text), "a.", 2);
	assert_null(node_toml_parse(text, strlen(text), "x", diag));
}

#define X14 "a.a.a.a.a.a.a.a.a.a.a.a.a.a."
#define X15 X14 "a."

/* A header, a dotted key and a value that are, together, at one of 32 levels or below. */
static void test_depth_together(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} texts[] = {
		{"[" X15 "a]\n" X15 "a = 1", true},
		{"[" X15 "a]\n" X15 "a = [1]", false},
		{"[" X15 "a.a]\n" X15 "a = 1", false},
		{"[[" X15 "a]]\n" X15 "a = 1", false},
		{"a = {" X15 "a = {" X15 "a = 1}}", false},
		{"a = {" X15 "a = {" X14 "a = 1}}", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct diagnostics *diag = new_diagnostics();
		struct node *n =
			node_toml_parse(texts[i].text, strlen(texts[i].text), "x", diag);

		if (n)
			(void)keep_node(n);
		assert_int_equal(n != NULL, texts[i].valid);
		if (!texts[i].valid)
			assert_part(diagnostics_text(diag), "nested too deeply");
	}
}

/* Places and comments, as "KEY LINE:COL VALUE-COL lead<...> comment<...>". */
static void test_comments(void **state)
{
	static const char text[] = "# file\n"
				   "\n"
				   "# table\n"
				   "[a] # its name\n"
				   "# key\n"
				   "b = 1 # one\n"
				   "\n"
				   "c = [ # list\n"
				   "  2 # two\n"
				   "]\n"
				   "# end\n";
	struct node *n, *a;

	(void)state;
	n = keep_node(node_toml_parse(text, strlen(text), "x", new_diagnostics()));
	a = node_get(n, "a");
	assert_text(n->lead, "# file\n\n");
	assert_text(n->comment, "# end\n");
	assert_text(a->lead, "# table\n# its name\n");
	assert_int_equal(a->key_at.line, 4);
	assert_text(node_get(a, "b")->lead, "# key\n");
	assert_text(node_get(a, "b")->comment, "one");
	assert_int_equal(node_get(a, "b")->key_at.line, 6);
	assert_int_equal(node_get(a, "b")->at.col, 5);
	assert_text(node_get(a, "c")->lead, "\n# list\n# two\n");
	assert_null(node_get(a, "c")->comment);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_read);
	suite_test(&s, "depth", test_depth);
	suite_test(&s, "depth of all together", test_depth_together);
	suite_test(&s, "comments and places", test_comments);
	return suite_run(&s);
}
