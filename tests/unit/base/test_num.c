/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/num.h"
#include "test.h"

#include <errno.h>

#define UNTOUCHED 0xabcdef

static const struct number {
	const char *text; /* and the test's name */
	int code;
	uint64_t value;
} u64s[] =
	{
		{"0", 0, 0},
		{"7", 0, 7},
		{"0010", 0, 10},
		{"18446744073709551615", 0, UINT64_MAX},
		{"18446744073709551616", -ERANGE, 0},
		{"99999999999999999999", -ERANGE, 0},
		{"184467440737095516150", -ERANGE, 0},
		{"", -EINVAL, 0},
		{" 1", -EINVAL, 0},
		{"1 ", -EINVAL, 0},
		{"1\n", -EINVAL, 0},
		{"+1", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"-0", -EINVAL, 0},
		{"0x10", -EINVAL, 0},
		{"1e3", -EINVAL, 0},
		{"1.0", -EINVAL, 0},
		{"1_000", -EINVAL, 0},
		{"\xd9\xa1", -EINVAL, 0}, /* an Arabic digit */
},
  sizes[] = {
	  {"0", 0, 0},
	  {"4096", 0, 4096},
	  {"64KiB", 0, 65536},
	  {"16MiB", 0, 16777216},
	  {"2GiB", 0, UINT64_C(2147483648)},
	  {"1TiB", 0, UINT64_C(1099511627776)},
	  {"3k", 0, 3000},
	  {"3M", 0, 3000000},
	  {"3G", 0, UINT64_C(3000000000)},
	  {"3T", 0, UINT64_C(3000000000000)},
	  {"16777215TiB", 0, UINT64_C(16777215) << 40},
	  {"16777216TiB", -ERANGE, 0},
	  {"18446744073709551615", 0, UINT64_MAX},
	  {"18446744073709552k", -ERANGE, 0},
	  {"18446744073709551616KiB", -ERANGE, 0},
	  {"", -EINVAL, 0},
	  {"KiB", -EINVAL, 0},
	  {"16 MiB", -EINVAL, 0},
	  {"16mib", -EINVAL, 0},
	  {"16MB", -EINVAL, 0},
	  {"16K", -EINVAL, 0},
	  {"16B", -EINVAL, 0},
	  {"16MiBx", -EINVAL, 0},
	  {"1.5GiB", -EINVAL, 0},
	  {"-1k", -EINVAL, 0},
};

static const struct signed_number {
	const char *text;
	int code;
	int64_t value;
} i64s[] = {
	{"0", 0, 0},
	{"-0", 0, 0},
	{"-1", 0, -1},
	{"12", 0, 12},
	{"9223372036854775807", 0, INT64_MAX},
	{"9223372036854775808", -ERANGE, 0},
	{"-9223372036854775808", 0, INT64_MIN},
	{"-9223372036854775809", -ERANGE, 0},
	{"-99999999999999999999", -ERANGE, 0},
	{"", -EINVAL, 0},
	{"-", -EINVAL, 0},
	{"--1", -EINVAL, 0},
	{"+1", -EINVAL, 0},
	{"- 1", -EINVAL, 0},
	{"1-", -EINVAL, 0},
};

static const struct version {
	const char *text;
	unsigned value;
} versions[] = {
	{"6.1.0-40-amd64", NUM_VERSION(6, 1)},
	{"6.12", NUM_VERSION(6, 12)},
	{"version 5.15.3", NUM_VERSION(5, 15)},
	{"mdadm - v4.2 - 2021-12-30", NUM_VERSION(4, 2)},
	{"7", NUM_VERSION(7, 0)},
	{"7.", NUM_VERSION(7, 0)},
	{"7.x", NUM_VERSION(7, 0)},
	{"6.1234567", 0},
	{"99999.1", 0},
	{"99999999999999999999999.1", 0},
	{"", 0},
	{"none", 0},
};

static void test_u64(void **state)
{
	const struct number *n = *state;
	uint64_t value = UNTOUCHED;

	assert_int_equal(num_u64(n->text, &value), n->code);
	assert_true(value == (n->code ? UNTOUCHED : n->value));
}

static void test_size(void **state)
{
	const struct number *n = *state;
	uint64_t value = UNTOUCHED;

	assert_int_equal(num_size(n->text, &value), n->code);
	/* the result is undefined if out of range */
	if (n->code != -ERANGE)
		assert_true(value == (n->code ? UNTOUCHED : n->value));
}

static void test_i64(void **state)
{
	const struct signed_number *n = *state;
	int64_t value = UNTOUCHED;

	assert_int_equal(num_i64(n->text, &value), n->code);
	assert_true(value == (n->code ? UNTOUCHED : n->value));
}

static void test_version(void **state)
{
	const struct version *v = *state;

	assert_int_equal(num_version(v->text), v->value);
}

/* Versions compare as numbers: 6.9 is older than 6.12. */
static void test_version_order(void **state)
{
	(void)state;
	assert_true(num_version("6.9") < num_version("6.12"));
	assert_true(num_version("5.15") < num_version("6.1"));
}

static const struct hint {
	const char *text, *hint;
} hints[] = {
	{"16MB", " (write 16MiB)"},
	{"16mib", " (write 16MiB)"},
	{"16 MiB", " (write 16MiB)"},
	{"4K", " (write 4KiB)"},
	{"4Ki", " (write 4KiB)"},
	{"2g", " (write 2GiB)"},
	{"1 TB", " (write 1TiB)"},
	{"10%", " (a percentage of RAM is a formula: = memory / 10)"},
	{"15 %", " (a percentage of RAM is a formula: = memory * 15 / 100)"},
	{"100%", " (a percentage of RAM is a formula: = memory / 1)"},
	{"0%", " (a percentage of RAM is a formula: = memory * 0 / 100)"},
	/* sizes, and what is no size in any spelling */
	{"16MiB", ""},
	{"16", ""},
	{"16k", ""},
	{"16777216TiB", ""},
	{"99999999999999999999MB", ""},
	{"16MBit", ""},
	{"16 Mi B", ""},
	{"MB", ""},
	{"5s", ""},
	{"4 5", ""},
	{"4%%", ""},
	{"", ""},
};

static void test_hint(void **state)
{
	const struct hint *row = *state;
	char hint[NUM_HINT_BYTES];

	num_size_hint(row->text, hint);
	assert_string_equal(hint, row->hint);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, u64s, test_u64);
	suite_rows(&s, i64s, test_i64);
	suite_rows(&s, sizes, test_size);
	suite_rows(&s, hints, test_hint);
	suite_rows(&s, versions, test_version);
	suite_test(&s, "version order", test_version_order);
	return suite_run(&s);
}
