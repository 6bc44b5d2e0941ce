/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "report/markup.h"
#include "test.h"

static const char *markup(const char *text)
{
	char *got = NULL;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	markup_text(text, out);
	(void)fclose(out);
	return keep_text(got);
}

static void test_escapes(void **state)
{
	(void)state;
	assert_string_equal(markup("plain 1.2 /x=y"), "plain 1.2 /x=y");
	assert_string_equal(markup("<a href=\"x\">&'"),
	                    "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
	assert_string_equal(markup("&lt;"), "&amp;lt;");
	/* in an attribute, a parser would make spaces of them */
	assert_string_equal(markup("a\nb\tc"), "a&#10;b&#9;c");
	assert_string_equal(markup(""), "");
	assert_string_equal(markup(NULL), "");
}

#define BAD "\xef\xbf\xbd"

/* What XML 1.0 does not have. */
static void test_characters(void **state)
{
	(void)state;
	assert_string_equal(markup("a\x01\x1b[2J\r\x7f"), "a" BAD BAD "[2J" BAD BAD);
	assert_string_equal(markup("\xef\xbf\xbe\xef\xbf\xbf"), BAD BAD);
	assert_string_equal(markup("\xef\xbf\xbc"), "\xef\xbf\xbc");
	/* C1, and what turns the text around */
	assert_string_equal(markup("\xc2\x9b"
	                           "a\xe2\x80\xaetxt.exe"),
	                    BAD "a" BAD "txt.exe");
}

static void test_utf8(void **state)
{
	static const char *const valid[] = {
		"\xc2\xa0",     "\xdf\xbf",     "\xe0\xa0\x80",     "\xe2\x82\xac",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(valid); i++)
		assert_string_equal(markup(valid[i]), valid[i]);
	assert_string_equal(markup("\xc0\xaf"), BAD BAD);                 /* overlong */
	assert_string_equal(markup("\xe0\x9f\xbf"), BAD BAD BAD);         /* overlong */
	assert_string_equal(markup("\xed\xa0\x80"), BAD BAD BAD);         /* surrogate */
	assert_string_equal(markup("\xf4\x90\x80\x80"), BAD BAD BAD BAD); /* too large */
	assert_string_equal(markup("\xe2\x82"), BAD BAD);                 /* cut */
	assert_string_equal(markup("\xe2<b"), BAD "&lt;b");
	assert_string_equal(markup("caf\xe9"), "caf" BAD); /* Latin-1 */
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "escapes", test_escapes);
	suite_test(&s, "control characters", test_characters);
	suite_test(&s, "UTF-8", test_utf8);
	return suite_run(&s);
}
