/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Lists of words in one text. */
#include "base/text/words.h"
#include "test.h"

static const struct row {
	const char *name, *list;
	char separator;
	const char *word;
	bool have;
} rows[] = {
	{"the only word", "a", ',', "a", true},
	{"the first", "a,b", ',', "a", true},
	{"the last", "a,b", ',', "b", true},
	{"start of a longer word", "nvme1n10", ' ', "nvme1n1", false},
	{"start of a longer word, then the word", "nvme1n10 nvme1n1", ' ', "nvme1n1",
         true},
	{"end of a longer word", "x-noatime", ',', "noatime", false},
	{"end of a longer word, then the word", "x-noatime,noatime", ',', "noatime",
         true},
	{"white space around it", " a ,\tb ", ',', "b", true},
	{"white space within it", "a b, c", ',', "a b", true},
	{"a part of it", "a b, c", ',', "b", false},
	{"empty words", ",,a,", ',', "a", true},
	{"an empty word", "a,,b", ',', "", false},
	{"an empty list", "", ',', "a", false},
	{"no list", NULL, ',', "a", false},
};

static void test_have(void **state)
{
	const struct row *row = *state;

	assert_int_equal(words_have(row->list, row->separator, row->word), row->have);
}

static void test_next(void **state)
{
	const char *rest = " a, ,bc ,";
	size_t len = 0;

	(void)state;
	assert_memory_equal(words_next(&rest, ',', &len), "a", 1);
	assert_int_equal(len, 1);
	assert_memory_equal(words_next(&rest, ',', &len), "bc", 2);
	assert_int_equal(len, 2);
	assert_null(words_next(&rest, ',', &len));
	assert_null(words_next(&rest, ',', &len));
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_have);
	suite_test(&s, "each word", test_next);
	return suite_run(&s);
}
