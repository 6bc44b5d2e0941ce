/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The table of known keys, from packed texts, is what the compiler reads in keys.def. */
#include "base/macro.h"
#include "sysctl/known/table.h"
#include "test.h"

static const struct sysctl_row expected[] = {
#define K(shape_, words_, min_, max_, key_, module_) \
	{.key = key_,                                \
	 .module = module_,                          \
	 .min = min_,                                \
	 .max = (uint64_t)(max_),                    \
	 .shape = SHAPE_##shape_,                    \
	 .words = words_},
#include "sysctl/known/keys.def"
#undef K
};

static void test_rows(void **state)
{
	const struct sysctl_row *row = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		row = sysctl_table_next(row);
		assert_non_null(row);
		assert_string_equal(row->key, expected[i].key);
		assert_string_equal(row->module, expected[i].module);
		assert_true(row->min == expected[i].min);
		assert_true(row->max == expected[i].max);
		assert_int_equal(row->shape, expected[i].shape);
		assert_int_equal(row->words, expected[i].words);
		assert_ptr_equal(sysctl_table_find(row->key), row);
	}
	assert_null(sysctl_table_next(row));
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "rows", test_rows);
	return suite_run(&s);
}
