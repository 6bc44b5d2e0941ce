/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/buf.h"
#include "test.h"

static struct buf b;

static int teardown(void **state)
{
	(void)state;
	buf_done(&b);
	return 0;
}

static void test_empty(void **state)
{
	(void)state;
	assert_string_equal(keep_text(buf_take(&b)), "");
	buf_done(&b);
	assert_null(b.text);
	buf_add(&b, "");
	assert_string_equal(b.text, "");
}

static void test_add(void **state)
{
	(void)state;
	buf_add(&b, "one");
	buf_add_n(&b, ", two, three", 5);
	buf_addf(&b, " %d%s", 3, "!");
	assert_string_equal(b.text, "one, two 3!");
	assert_int_equal(b.len, 11);
}

static void test_nul(void **state)
{
	(void)state;
	buf_add_n(&b, "a\0b", 3);
	buf_add(&b, "c");
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.text, "a\0bc", 5);
}

static void test_take(void **state)
{
	(void)state;
	buf_add(&b, "mine");
	assert_string_equal(keep_text(buf_take(&b)), "mine");
	assert_null(b.text);
	assert_int_equal(b.len, 0);
	buf_add(&b, "again");
	assert_string_equal(b.text, "again");
}

static void test_join(void **state)
{
	(void)state;
	buf_join(&b, ", ", "");
	assert_string_equal(b.text, "");
	buf_join(&b, ", ", "a");
	assert_string_equal(b.text, "a");
	buf_join(&b, ", ", "b");
	buf_join(&b, ", ", "");
	assert_string_equal(b.text, "a, b, ");
}

/* Check the terminator at every length, so that no growth step is off by one. */
static void test_growth(void **state)
{
	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		const char c = (char)('a' + i % 26);

		buf_add_n(&b, &c, 1);
		assert_true(b.text[i] == c && b.text[i + 1] == '\0');
		assert_true(b.cap > b.len);
	}
	assert_int_equal(strlen(b.text), 5000);
	buf_addf(&b, "%0*d", 100000, 7);
	assert_int_equal(b.len, 105000);
	assert_int_equal(b.text[104999], '7');
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "empty", test_empty);
	suite_test(&s, "add text, bytes and formatted", test_add);
	suite_test(&s, "NUL bytes are preserved", test_nul);
	suite_test(&s, "take empties it", test_take);
	suite_test(&s, "join", test_join);
	suite_test(&s, "growth", test_growth);
	return suite_run(&s);
}
