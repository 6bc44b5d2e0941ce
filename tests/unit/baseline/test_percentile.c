/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/percentile.h"
#include "test.h"

static void test_ranks(void **state)
{
	const uint64_t eight[] = {80, 10, 70, 20, 60, 30, 50, 40};
	const uint64_t one[] = {7};

	(void)state;
	assert_int_equal(percentile(eight, 8, 50), 40);
	assert_int_equal(percentile(eight, 8, 90), 80);
	assert_int_equal(percentile(eight, 8, 100), 80);
	assert_int_equal(percentile(eight, 8, 1), 10);
	assert_int_equal(percentile(eight, 3, 50), 70);
	assert_int_equal(percentile(one, 1, 50), 7);
	assert_int_equal(percentile(one, 0, 50), 0);
	/* the values stay as they are */
	assert_int_equal(eight[0], 80);
}

int main(void)
{
	struct suite s = {0};

	suite_test(&s, "ranks", test_ranks);
	return suite_run(&s);
}
