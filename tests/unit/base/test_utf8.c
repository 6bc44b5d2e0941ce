/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/utf8.h"
#include "test.h"

static const struct row {
	const char *name, *text;
	int32_t code; /* -1: it is not UTF-8 */
	bool printable;
} rows[] = {
	{"a letter", "a", 'a', true},
	{"two bytes", "\xc3\xa9", 0xe9, true},
	{"three bytes", "\xe2\x82\xac", 0x20ac, true},
	{"four bytes", "\xf0\x9f\x98\x80", 0x1f600, true},
	{"the last code point", "\xf4\x8f\xbf\xbf", 0x10ffff, true},
	{"beyond it", "\xf4\x90\x80\x80", -1, false},
	{"a surrogate", "\xed\xa0\x80", -1, false},
	{"too long a form", "\xc0\xaf", -1, false},
	{"too long a form of three bytes", "\xe0\x9f\xbf", -1, false},
	{"cut short", "\xe2\x82", -1, false},
	{"a continuation alone", "\x80", -1, false},
	{"continued by a letter",
         "\xc3"
         "a",
         -1, false},
	{"Latin-1", "\xe9", -1, false},
	{"a tab", "\t", '\t', true},
	{"a line feed", "\n", '\n', true},
	{"a carriage return", "\r", '\r', false},
	{"a bell", "\a", '\a', false},
	{"delete", "\x7f", 0x7f, false},
	{"another control character", "\xc2\x9b", 0x9b, false},
	{"next line", "\xc2\x85", 0x85, false},
	{"a space that does not break", "\xc2\xa0", 0xa0, true},
	{"a line separator", "\xe2\x80\xa8", 0x2028, false},
	{"a byte order mark", "\xef\xbb\xbf", 0xfeff, false},
	{"no character", "\xef\xbf\xbf", 0xffff, false},
};

static void test_next(void **state)
{
	const struct row *row = *state;
	const char *p = row->text, *end = p + strlen(p);

	assert_int_equal(utf8_next(&p, end), row->code);
	assert_ptr_equal(p, row->code < 0 ? row->text : end);
	assert_int_equal(utf8_is_printable(row->code), row->printable);
	assert_int_equal(utf8_all_printable(row->text), row->printable);
}

static void test_add(void **state)
{
	const struct row *row = *state;
	_buf_ struct buf b = {0};

	if (row->code < 0) {
		assert_false(utf8_add(&b, 0xd800));
		assert_false(utf8_add(&b, 0x110000));
		assert_int_equal(b.len, 0);
		return;
	}
	assert_true(utf8_add(&b, (uint32_t)row->code));
	assert_string_equal(b.text, row->text);
}

/* Every text becomes UTF-8, and one that is stays as it is. */
static void test_latin1(void **state)
{
	const struct row *row = *state;
	_free_ char *text = utf8_or_latin1(row->text);
	const char *p = text, *end = p + strlen(p);

	assert_int_equal(strcmp(text, row->text) == 0, row->code >= 0);
	while (p < end)
		assert_true(utf8_next(&p, end) >= 0);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_next);
	suite_rows(&s, rows, test_add);
	suite_rows(&s, rows, test_latin1);
	return suite_run(&s);
}
