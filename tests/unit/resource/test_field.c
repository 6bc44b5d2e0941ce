/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "resource/field.h"
#include "test.h"

struct object {
	char *text, *choice, *words, *deep;
	bool flag;
	uint64_t number, size;
};

static struct object object;

static const char *const colors[] = {"red", "green", "blue", NULL};

/* Called only for values of the right type. */
static void check_even(const struct node *n, struct diagnostics *diag)
{
	if ((n->text[strlen(n->text) - 1] - '0') % 2)
		diag_error(diag, n->at, "number: is odd");
}

static const struct field below[] = {
	{.name = "deep", .type = FIELD_TEXT, .offset = offsetof(struct object, deep)},
	{0},
};

static const struct field fields[] = {
	{.name = "text", .type = FIELD_TEXT, .offset = offsetof(struct object, text)},
	{.name = "color",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct object, choice),
         .choices = colors},
	{.name = "flag", .type = FIELD_BOOL, .offset = offsetof(struct object, flag)},
	{.name = "number",
         .type = FIELD_UINT,
         .offset = offsetof(struct object, number),
         .min = 2,
         .max = 8192,
         .check = check_even},
	{.name = "size",
         .type = FIELD_SIZE,
         .offset = offsetof(struct object, size),
         .min = 512,
         .max = 65536},
	{.name = "words", .type = FIELD_WORDS, .offset = offsetof(struct object, words)},
	{.name = "below", .type = FIELD_OBJECT, .fields = below},
	{0},
};

static const struct field required[] = {
	{.name = "name",
         .type = FIELD_TEXT,
         .offset = offsetof(struct object, text),
         .required = true},
	{0},
};

static int setup(void **state)
{
	(void)state;
	object = (struct object){.text = mem_dup("default"), .number = 7, .flag = true};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fields_done(fields, &object);
	return 0;
}

/* Format all fields as one line. */
static const char *object_text(void)
{
	return keep_text(mem_format(
		"%s %s %d %lu %lu %s %s", object.text,
		object.choice ? object.choice : "-", object.flag,
		(unsigned long)object.number, (unsigned long)object.size,
		object.words ? object.words : "-", object.deep ? object.deep : "-"));
}

#define DEFAULTS "default - 1 7 0 - -"

static const struct row {
	const char *name, *yaml, *reported, *object;
} rows[] = {
	{"no keys", "{}", "", DEFAULTS},
	{"unknown members are ignored", "other: [1]", "", DEFAULTS},
	{"text", "text: x y", "", "x y - 1 7 0 - -"},
	{"text that looks like a number", "text: 12", "", "12 - 1 7 0 - -"},
	{"empty text", "text: ''", "1:7: text: is empty\n", DEFAULTS},
	{"no text", "text:", "1:6: text: is empty\n", DEFAULTS},
	{"a list for a text", "text: [a]",
         "1:7: text: is a list, should be a text (write \"text: a\")\n", DEFAULTS},
	{"choice", "color: green", "", "default green 1 7 0 - -"},
	{"misspelt choice", "color: gren",
         "1:8: color \"gren\": unknown (did you mean \"green\"?)\n", DEFAULTS},
	{"unknown choice", "color: yellow",
         "1:8: color \"yellow\": unknown (one of: red, green, blue)\n", DEFAULTS},
	{"a mapping for a choice", "color: {a: b}",
         "1:8: color: is a mapping, should be a word (write \"color: VALUE\")\n",
         DEFAULTS},
	{"a list for a choice", "color: []",
         "1:8: color: is a list, should be a word (write \"color: VALUE\")\n", DEFAULTS},
	{"false", "flag: false", "", "default - 0 7 0 - -"},
	{"true", "flag: true", "", DEFAULTS},
	{"yes is not a boolean", "flag: yes",
         "1:7: flag \"yes\": should be true or false\n", DEFAULTS},
	{"a quoted boolean", "flag: 'false'",
         "1:7: flag \"false\": should be true or false\n", DEFAULTS},
	{"a list for a boolean", "flag: []",
         "1:7: flag: is a list, should be true or false (write \"flag: VALUE\")\n",
         DEFAULTS},
	{"number", "number: 64", "", "default - 1 64 0 - -"},
	{"smallest number", "number: 2", "", "default - 1 2 0 - -"},
	{"largest number", "number: 8192", "", "default - 1 8192 0 - -"},
	{"below", "number: 1", "1:9: number \"1\": out of range (2 to 8192)\n", DEFAULTS},
	{"above", "number: 8193", "1:9: number \"8193\": out of range (2 to 8192)\n",
         DEFAULTS},
	{"beyond 64 bits", "number: 18446744073709551618",
         "1:9: number \"18446744073709551618\": out of range (2 to 8192)\n", DEFAULTS},
	{"negative", "number: -2", "1:9: number \"-2\": should be a whole number\n",
         DEFAULTS},
	{"no number", "number: many", "1:9: number \"many\": should be a whole number\n",
         DEFAULTS},
	{"a unit where none is accepted", "number: 2KiB",
         "1:9: number \"2KiB\": should be a whole number\n", DEFAULTS},
	{"a mapping for a number", "number: {}",
         "1:9: number: is a mapping, should be a whole number (write \"number: VALUE\")\n",
         DEFAULTS},
	{"check of the field", "number: 9", "1:9: number: is odd\n",
         "default - 1 9 0 - -"},
	{"size", "size: 4KiB", "", "default - 1 7 4096 - -"},
	{"size without a unit", "size: 4096", "", "default - 1 7 4096 - -"},
	{"size out of range", "size: 1MiB",
         "1:7: size \"1MiB\": out of range (512 to 65536)\n", DEFAULTS},
	{"no size", "size: 4kb",
         "1:7: size \"4kb\": should be a size such as 4096, 64KiB or 16MiB (write "
         "4KiB)\n",
         DEFAULTS},
	{"no size at all", "size: 4xb",
         "1:7: size \"4xb\": should be a size such as 4096, 64KiB or 16MiB\n", DEFAULTS},
	{"a list for a size", "size: [1]",
         "1:7: size: is a list, should be a size (write \"size: 1\")\n", DEFAULTS},
	{"words", "words: [4.1, '4.2']", "", "default - 1 7 0 4.1,4.2 -"},
	{"a word with a comma", "words: [\"a,b\", c]",
         "1:9: words: each item should be one word\n", "default - 1 7 0 c -"},
	{"an empty word, and a list for one", "words:\n- ''\n- [x]\n- c",
         "2:3: words: each item should be one word\n3:3: words: each item should be one word\n",
         "default - 1 7 0 c -"},
	{"a text for words", "words: a",
         "1:8: words: is a single value, should be a list (write \"words: [a]\")\n",
         DEFAULTS},
	{"nested", "below: {deep: x}", "", "default - 1 7 0 - x"},
	{"nested, unknown key", "below: {dep: x}",
         "1:9: below: unknown key \"dep\" (did you mean \"deep\"?)\n", DEFAULTS},
	{"nested, no mapping", "below: 1",
         "1:8: below: is a single value, should be a mapping (write \"below: {deep: VALUE, ...}\")\n",
         DEFAULTS},
	{"all faults are reported", "text: ''\nflag: 1\nnumber: x\nsize: 4KiB\n",
         "1:7: text: is empty\n2:7: flag \"1\": should be true or false\n"
         "3:9: number \"x\": should be a whole number\n",
         "default - 1 7 4096 - -"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();

	fields_parse(fields, yaml(row->yaml), &object, diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
	assert_string_equal(object_text(), row->object);
}

static void test_required(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	fields_parse(required, yaml("\n\nother: 1"), &object, diag);
	assert_string_equal(diagnostics_text(diag), "3:1: name: is missing\n");
	fields_parse(required, yaml("name: x"), &object, diag);
	assert_int_equal(diag->n, 1);
	assert_string_equal(object.text, "x");
}

/* A text that is parsed a second time replaces the first. */
static void test_again(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	for (int i = 0; i < 2; i++)
		fields_parse(fields,
		             yaml("{text: x, color: red, words: [a], below: {deep: y}}"),
		             &object, diag);
	assert_string_equal(diagnostics_text(diag), "");
	assert_string_equal(object_text(), "x red 1 7 0 a y");
}

static void test_done(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	fields_parse(fields, yaml("{text: x, color: red, words: [a], below: {deep: y}}"),
	             &object, diag);
	fields_done(fields, &object);
	assert_null(object.text);
	assert_null(object.choice);
	assert_null(object.words);
	assert_null(object.deep);
	fields_done(fields, &object);
}

static void test_known(void **state)
{
	static const struct field *const tables[] = {fields, NULL, required};
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	fields_check_known(tables, 3, yaml("{name: 1, text: 1, below: 1}"), "item", diag);
	assert_string_equal(diagnostics_text(diag), "");
	fields_check_known(tables, 3, yaml("nam: 1\ntext: 1\nelephant: 1\n"), "item",
	                   diag);
	assert_string_equal(
		diagnostics_text(diag),
		"1:1: item: unknown key \"nam\" (did you mean \"name\"?)\n"
		"3:1: item: unknown key \"elephant\" (one of: text, color, flag, number, size, words, below, name)\n");
}

static void test_any(void **state)
{
	(void)state;
	assert_true(fields_any(fields, yaml("{x: 1, size: bad}")));
	assert_false(fields_any(fields, yaml("{x: 1, name: 2}")));
	assert_false(fields_any(fields, yaml("{}")));
}

static void test_when_meet(void **state)
{
	(void)state;
	assert_true(field_when_meet(NULL, NULL));
	assert_true(field_when_meet("cpus > 1", NULL));
	assert_true(field_when_meet(NULL, "cpus > 1"));
	assert_true(field_when_meet("cpus > 1", "cpus > 1"));
	assert_false(field_when_meet("cpus > 1", "cpus == 1"));
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "required", test_required);
	suite_test(&s, "parsed again", test_again);
	suite_test(&s, "done", test_done);
	suite_test(&s, "unknown keys of several tables", test_known);
	suite_test(&s, "any", test_any);
	suite_test(&s, "when meet", test_when_meet);
	return suite_run(&s);
}
