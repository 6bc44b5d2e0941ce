/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/node.h"
#include "sysctl/value.h"
#include "test.h"

static struct sysctl_value value;

static int teardown(void **state)
{
	(void)state;
	sysctl_value_done(&value);
	return 0;
}

#define BOUND "sysctl key: a bound must be a number or a size such as 16MiB\n"
#define WORD  "sysctl key: must be a value, {min: x} or {max: x}\n"
/* The text after the key, and the parsed value. */
static const struct row {
	const char *yaml; /* also the test's name */
	const char *described;
	bool bound;
	const char *reported;
} rows[] = {
	{"10", "10", false, ""},
	{"-1", "-1", false, ""},
	{"bbr", "bbr", false, ""},
	{"'|/bin/x %p'", "|/bin/x %p", false, ""},
	{"4096 131072  6291456", "4096 131072 6291456", false, ""},
	{"\"4096\\t131072\\t6291456\"", "4096 131072 6291456", false, ""},
	{"[4096, 131072, 6291456]", "4096 131072 6291456", false, ""},
	{"[\"1 2\", 3]", "1 2 3", false, ""},
	{"16MiB", "16777216", false, ""},
	{"3k", "3000", false, ""},
	{"[4KiB, 128KiB, 16MiB]", "4096 131072 16777216", false, ""},
	{"'16MiB'", "16MiB", false, ""}, /* quoted: not converted */
	{"010", "010", false, ""},
	{"16777216TiB", "16777216TiB", false,
         ""}, /* too large for a number: the kernel decides */
	{"{min: 5}", ">=5", true, ""},
	{"{max: 16MiB}", "<=16777216", true, ""},
	{"{min: '16MiB'}", ">=16777216", true, ""},
	{"[4096, {min: 1}, {max: 2}]", "4096 >=1 <=2", true, ""},
	{"''", "", false, ""},
	{"[]", "", false, ""},
	{"{min: 5, max: 6}", "", false, "1:6: " WORD},
	{"{}", "", false, "1:6: " WORD},
	{"{mn: 5}", "", false, "1:7: key: unknown key \"mn\" (did you mean \"min\"?)\n"},
	{"{min: 5, mox: 6}", ">=5", true,
         "1:15: key: unknown key \"mox\" (did you mean \"max\"?)\n"},
	{"[[1]]", "", false, "1:7: " WORD},
	{"{min: -1}", "", false, "1:12: " BOUND},
	{"{max: many}", "", false, "1:12: " BOUND},
	{"{max: [1]}", "", false, "1:12: " BOUND},
	{"{max: 16777216TiB}", "", false, "1:12: " BOUND},
	{"[1, {min: x}, 3, {max: y}]", "1 3", false, "1:16: " BOUND "1:29: " BOUND},
	{"\"a\\nb\"", "", false,
         "1:6: sysctl key: the value contains a control character\n"},
	{"\"a\\x7f\"", "", false,
         "1:6: sysctl key: the value contains a control character\n"},
	{"[1, \"\\e[31m\"]", "1", false,
         "1:10: sysctl key: the value contains a control character\n"},
	{"'= x'", "= x", false, ""},
};

static void test_parse(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	char text[256];

	(void)snprintf(text, sizeof(text), "key: %s\n", row->yaml);
	sysctl_value_parse(&value, "key", yaml(text)->items[0], diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
	assert_string_equal(keep_text(sysctl_value_describe(&value)), row->described);
	assert_int_equal(sysctl_value_has_bound(&value), row->bound);
}

/* What to write where the current value is `now`. Equal to `now`: nothing to write. */
static const struct resolved {
	const char *name, *yaml, *now, *write;
} resolved[] = {
	{"exact, other", "10", "60", "10"},
	{"exact, same", "10", "10", "10"},
	{"the same number in another spelling stays", "010", "10", "10"},
	{"the same number the other way round", "10", "010", "010"},
	{"a text is not a number", "10", "10a", "10"},
	{"a text", "bbr", "cubic", "bbr"},
	{"no value", "10", NULL, "10"},
	{"an empty value", "10", "", "10"},
	{"min, lower", "{min: 16MiB}", "4096", "16777216"},
	{"min, equal", "{min: 4KiB}", "4096", "4096"},
	{"min, equal in another spelling", "{min: 10}", "010", "010"},
	{"max, equal in another spelling", "{max: 10}", "010", "010"},
	{"min, higher", "{min: 4KiB}", "4097", "4097"},
	{"min, much higher", "{min: 1}", "18446744073709551615", "18446744073709551615"},
	{"min, no value", "{min: 7}", NULL, "7"},
	{"min, a text", "{min: 7}", "many", "7"},
	{"min, a negative number", "{min: 7}", "-1", "7"},
	{"max, higher", "{max: 10}", "60", "10"},
	{"max, equal", "{max: 10}", "10", "10"},
	{"max, lower", "{max: 10}", "0", "0"},
	{"vector, word by word", "[4096, {min: 131072}, {max: 6291456}]",
         "4096 200000 9999999", "4096 200000 6291456"},
	{"vector, in sync", "[{min: 1}, {min: 2}, {min: 3}]", "4 5 6", "4 5 6"},
	{"vector, all different", "[1, 2, 3]", "4 5 6", "1 2 3"},
	{"vector, fewer words", "[1, {min: 2}]", "9", "1 2"},
	{"vector, more words", "[1]", "1 2 3", "1"},
};

static void test_resolve(void **state)
{
	const struct resolved *row = *state;
	struct diagnostics *diag = new_diagnostics();

	sysctl_value_parse(&value, "key", yaml(row->yaml), diag);
	assert_int_equal(diag->n, 0);
	assert_string_equal(keep_text(sysctl_value_resolve(&value, row->now)),
	                    row->write);
}

static void test_parse_bound(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	sysctl_value_parse_bound(&value, "key", SYSCTL_MIN, yaml("2k"), diag);
	sysctl_value_parse_bound(&value, "key", SYSCTL_MAX, yaml("3"), diag);
	assert_string_equal(keep_text(sysctl_value_describe(&value)), ">=2000 <=3");
	assert_true(value.words[0].number == 2000 && value.words[1].number == 3);
	sysctl_value_parse_bound(&value, "key", SYSCTL_MAX, yaml("x"), diag);
	assert_string_equal(diagnostics_text(diag), "1:1: " BOUND);
	assert_int_equal(value.n, 2);
}

static void test_collapse(void **state)
{
	static const struct {
		const char *text, *collapsed;
		size_t words;
	} texts[] = {
		{"", "", 0},
		{"60", "60", 1},
		{" \t\n", "", 0},
		{"4096\t131072\t6291456\n", "4096 131072 6291456", 3},
		{"\t a \n b ", "a b", 2},
		{"reno cubic bbr", "reno cubic bbr", 3},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *collapsed = keep_text(sysctl_value_collapse(texts[i].text));

		assert_string_equal(collapsed, texts[i].collapsed);
		assert_int_equal(sysctl_value_count(collapsed), texts[i].words);
	}
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_rows(&s, rows, test_parse);
	suite_rows(&s, resolved, test_resolve);
	suite_test(&s, "bound", test_parse_bound);
	suite_test(&s, "collapse and count", test_collapse);
	return suite_run(&s);
}
