/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Texts in columns of a terminal. */
#include "base/text/buf.h"
#include "base/text/display.h"
#include "test.h"

static const struct text {
	const char *name, *text, *printed;
	size_t width;
} texts[] = {
	{"plain", "vm.swappiness", "vm.swappiness", 13},
	{"empty", "", "", 0},
	{"controls", "a\tb\nc\rd\x1b[31m\x7f", "a\\tb\\nc\\rd\\x1b[31m\\x7f", 22},
	{"two columns each", "\xe7\xa3\x81\xe7\x9b\x98", "\xe7\xa3\x81\xe7\x9b\x98", 4},
	{"a mark on a letter", "e\xcc\x81", "e\xcc\x81", 1},
	{"a picture", "\xf0\x9f\x9a\x80", "\xf0\x9f\x9a\x80", 2},
	{"control of C1",
         "\xc2\x9b"
         "31m",
         "\\u009b31m", 9},
	{"other direction",
         "\xe2\x80\xae"
         "abc",
         "\\u202e"
         "abc",
         9},
	{"Latin-1", "caf\xe9", "caf\\xe9", 7},
	{"cut short", "\xe7\xa3", "\\xe7\\xa3", 8},
	{"longer than needed", "\xc0\xaf", "\\xc0\\xaf", 8},
	{"half of a pair", "\xed\xa0\x80", "\\xed\\xa0\\x80", 12},
};

static void test_text(void **state)
{
	const struct text *row = *state;
	char *printed = keep_text(display_text(row->text));

	assert_string_equal(printed, row->printed);
	assert_int_equal(display_width(printed), row->width);
}

static const struct shorten {
	const char *name, *text;
	size_t width;
	const char *expected;
} shortens[] = {
	{"fits", "abcdef", 6, "abcdef"},
	{"in the middle", "4096 131072 6291456", 10, "4096...456"},
	{"room for the dots", "abcdef", 3, "abc"},
	{"one side longer", "abcdefgh", 6, "ab...h"},
	{"wide letters", "\xe7\xa3\x81\xe7\x9b\x98\xe7\xa3\x81\xe7\x9b\x98", 7,
         "\xe7\xa3\x81...\xe7\x9b\x98"},
	{"nothing", "abc", 0, ""},
};

static void test_shorten(void **state)
{
	const struct shorten *row = *state;
	char *text = keep_text(display_shorten(row->text, row->width));

	assert_string_equal(text, row->expected);
	assert_true(display_width(text) <= row->width);
}

static const struct wrap {
	const char *name, *text;
	size_t at, indent, width;
	const char *expected;
} wraps[] = {
	{"one line", "a b c", 0, 2, 10, "a b c"},
	{"two lines", "aaa bbb ccc", 0, 2, 8, "aaa bbb\n  ccc"},
	{"continues a line", "aaa bbb", 5, 2, 9, "aaa\n  bbb"},
	{"no room in the line", "aaa bbb", 8, 2, 9, "\n  aaa bbb"},
	{"several blanks", "a   b", 0, 0, 10, "a b"},
	{"a word longer than a line", "x abcdefghij y", 0, 2, 6,
         "x abcd\n  efgh\n  ij y"},
	{"a wide word", "\xe7\xa3\x81\xe7\x9b\x98\xe7\xa3\x81", 0, 1, 5,
         "\xe7\xa3\x81\xe7\x9b\x98\n \xe7\xa3\x81"},
	{"empty", "", 4, 2, 10, ""},
};

static void test_wrap(void **state)
{
	const struct wrap *row = *state;
	struct buf b = {0};

	display_wrap(&b, row->text, row->at, row->indent, row->width);
	assert_string_equal(keep_text(buf_take(&b)), row->expected);
}

static void test_pad(void **state)
{
	struct buf b = {0};

	(void)state;
	display_pad(&b, "\xe7\xa3\x81", 4);
	buf_add(&b, "|");
	display_pad_right(&b, "12", 4);
	display_pad(&b, "too long", 3);
	assert_string_equal(keep_text(buf_take(&b)), "\xe7\xa3\x81  |  12too long");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, texts, test_text);
	suite_rows(&s, shortens, test_shorten);
	suite_rows(&s, wraps, test_wrap);
	suite_test(&s, "pad", test_pad);
	return suite_run(&s);
}
