/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/macro.h"
#include "base/num.h"
#include "doc/expr.h"
#include "test.h"

#include <errno.h>
#include <inttypes.h>

static const struct expr_fact list[] = {
	{.name = "cpus", .value = 8},
	{.name = "memory", .value = INT64_C(64) << 30},
	{.name = "kernel", .value = NUM_VERSION(6, 1), .type = EXPR_VERSION},
	{.name = "disks", .value = 2, .fault = "not here"},
	{.name = "none", .value = 0},
	{.name = "arch", .type = EXPR_TEXT, .text = "x86_64"},
	{.name = "instance_type", .type = EXPR_TEXT, .text = "i3en.2xlarge"},
	{.name = "variant", .type = EXPR_TEXT, .text = "aws-k8s-1.31"},
	{.name = "empty", .type = EXPR_TEXT, .text = ""},
	{.name = "hostname", .type = EXPR_TEXT, .absent = "no name"},
	{0},
};

static const struct expr_facts known = {list, false};
static const struct expr_facts unknown = {list, true};

/* A formula and its result, or the offset and text of its error. */
struct row {
	const char *text;
	enum expr_type type;
	int64_t result;
	size_t at;
	const char *error;
};

static const struct row rows[] = {
	{"12", EXPR_NUMBER, 12, 0, NULL},
	{" 1 + 2 * 3 ", EXPR_NUMBER, 7, 0, NULL},
	{"(1 + 2) * 3", EXPR_NUMBER, 9, 0, NULL},
	{"10 - 2 - 3", EXPR_NUMBER, 5, 0, NULL},
	{"7 / 2", EXPR_NUMBER, 3, 0, NULL},
	{"-7 / 2", EXPR_NUMBER, -4, 0, NULL},
	{"-cpus", EXPR_NUMBER, -8, 0, NULL},
	{"16MiB", EXPR_NUMBER, 16777216, 0, NULL},
	{"2k", EXPR_NUMBER, 2000, 0, NULL},
	{"max(8, cpus * 2)", EXPR_NUMBER, 16, 0, NULL},
	{"min(3, 1, 2)", EXPR_NUMBER, 1, 0, NULL},
	{"clamp(memory / 100, 64MiB, 2GiB) / 1KiB", EXPR_NUMBER, 671088, 0, NULL},
	{"clamp(1, 5, 9)", EXPR_NUMBER, 5, 0, NULL},
	{"clamp(7, 5, 9)", EXPR_NUMBER, 7, 0, NULL},
	{"round(14, 10)", EXPR_NUMBER, 10, 0, NULL},
	{"round(15, 10)", EXPR_NUMBER, 20, 0, NULL},
	{"pow2ceil(1)", EXPR_NUMBER, 1, 0, NULL},
	{"pow2ceil(1000)", EXPR_NUMBER, 1024, 0, NULL},
	{"pow2ceil(1024)", EXPR_NUMBER, 1024, 0, NULL},
	{"kernel >= 6.1", EXPR_BOOL, 1, 0, NULL},
	{"kernel >= 6.12", EXPR_BOOL, 0, 0, NULL},
	{"kernel >= 6", EXPR_BOOL, 1, 0, NULL},
	{"kernel == 6.1 and memory >= 32GiB", EXPR_BOOL, 1, 0, NULL},
	{"cpus < 8 or not cpus != 8", EXPR_BOOL, 1, 0, NULL},
	{"cpus <= 7 or cpus > 8", EXPR_BOOL, 0, 0, NULL},
	{"not (cpus == 8)", EXPR_BOOL, 0, 0, NULL},

	/* a version on the left */
	{"6 <= kernel", EXPR_BOOL, 1, 0, NULL},
	{"6.12 <= kernel", EXPR_BOOL, 0, 0, NULL},
	{"7 > kernel and 6 != kernel", EXPR_BOOL, 1, 0, NULL},
	{"cpus <= kernel", EXPR_BOOL, 0, 5, "the two sides of <= cannot be compared"},

	/* texts */
	{"arch == x86_64", EXPR_BOOL, 1, 0, NULL},
	{"arch==x86_64", EXPR_BOOL, 1, 0, NULL},
	{"arch != 'x86_64'", EXPR_BOOL, 0, 0, NULL},
	{"arch == x86", EXPR_BOOL, 0, 0, NULL},
	{"arch == x86_64x", EXPR_BOOL, 0, 0, NULL},
	{"arch == X86_64", EXPR_BOOL, 0, 0, NULL},
	{"\"x86_64\" == arch", EXPR_BOOL, 1, 0, NULL},
	{"arch == aarch64 or instance_type == 'i3en.2xlarge'", EXPR_BOOL, 1, 0, NULL},
	{"not (variant != aws-k8s-1.31)", EXPR_BOOL, 1, 0, NULL},
	{"empty == ''", EXPR_BOOL, 1, 0, NULL},
	{"empty != x", EXPR_BOOL, 1, 0, NULL},
	{"variant == '12' or cpus == 8", EXPR_BOOL, 1, 0, NULL},
	{"arch", EXPR_BOOL, 0, 0, "should be a condition"},
	{"arch", EXPR_NUMBER, 0, 0, "should yield a number"},
	{"arch + 1", EXPR_NUMBER, 0, 5, "expected a number"},
	{"arch < x86_64", EXPR_BOOL, 0, 5, "compare texts with == or !="},
	{"arch == instance_type", EXPR_BOOL, 0, 8,
         "\"instance_type\": is a fact; quote it if you mean the text"},
	{"'a' == 'a'", EXPR_BOOL, 0, 4, "compare one fact that is a text with one text"},
	{"'8' == cpus", EXPR_BOOL, 0, 4, "compare one fact that is a text with one text"},
	{"cpus == '8'", EXPR_BOOL, 0, 5, "the two sides of == cannot be compared"},
	{"cpus == arch", EXPR_BOOL, 0, 5, "the two sides of == cannot be compared"},
	{"arch ==", EXPR_BOOL, 0, 7, "expected a text, such as aarch64 or 'a b'"},
	{"arch == 'x", EXPR_BOOL, 0, 8, "the closing ' is missing"},
	{"hostname == a", EXPR_BOOL, 0, 0, "\"hostname\": no name"},
	{"cpus == 8 and hostname != a", EXPR_BOOL, 0, 14, "\"hostname\": no name"},

	/* the rest is not computed once `and` or `or` is decided, but checked */
	{"none > 0 and cpus / none > 1", EXPR_BOOL, 0, 0, NULL},
	{"none == 0 or cpus / none > 1", EXPR_BOOL, 1, 0, NULL},
	{"none > 0 and cpus / none > 1 or cpus == 8", EXPR_BOOL, 1, 0, NULL},
	{"none > 0 and cpus / none > 1 and hostname == a", EXPR_BOOL, 0, 0, NULL},
	{"cpus == 8 or hostname == a", EXPR_BOOL, 1, 0, NULL},
	{"none > 0 or cpus / none > 1", EXPR_BOOL, 0, 17, "division by zero"},
	{"(none > 0 and 1 > 0) or cpus / none > 1", EXPR_BOOL, 0, 29, "division by zero"},
	{"none > 0 and cpu > 1", EXPR_BOOL, 0, 13,
         "\"cpu\": unknown (did you mean \"cpus\"?)"},
	{"none > 0 and disks > 1", EXPR_BOOL, 0, 13, "\"disks\": not here"},
	{"none > 0 and cpus", EXPR_BOOL, 0, 0,
         "expected a condition such as kernel >= 6.1"},

	{"", EXPR_NUMBER, 0, 0, "a value is missing"},
	{"1 +", EXPR_NUMBER, 0, 3, "a value is missing"},
	{"1 2", EXPR_NUMBER, 0, 2, "unexpected \"2\""},
	{"1 + $", EXPR_NUMBER, 0, 4, "unexpected \"$\""},
	{"(1", EXPR_NUMBER, 0, 2, "\")\" is missing"},
	{"1 + disks", EXPR_NUMBER, 0, 4, "\"disks\": not here"},
	{"disk", EXPR_NUMBER, 0, 0, "\"disk\": unknown (did you mean \"disks\"?)"},
	{"cpu", EXPR_NUMBER, 0, 0, "\"cpu\": unknown (did you mean \"cpus\"?)"},
	{"1 + xyzzy", EXPR_NUMBER, 0, 4,
         "\"xyzzy\": unknown (known: cpus, memory, none)"},
	{"xyzzy > 1", EXPR_BOOL, 0, 0,
         "\"xyzzy\": unknown (known: cpus, memory, kernel, none, arch, instance_type, "
         "variant, empty, hostname)"},
	{"sqrt(4)", EXPR_NUMBER, 0, 0,
         "function \"sqrt\": unknown (known: min, max, clamp, round, pow2ceil)"},
	{"maxx(1)", EXPR_NUMBER, 0, 0,
         "function \"maxx\": unknown (did you mean \"max\"?)"},
	{"clamp(1, 2)", EXPR_NUMBER, 0, 0, "clamp: takes 3 arguments, not 2"},
	{"clamp(1, 3, 2)", EXPR_NUMBER, 0, 0,
         "clamp: the lower limit is above the upper limit"},
	{"round(5, 0)", EXPR_NUMBER, 0, 0,
         "round: needs a number of at least 0 and a step above 0"},
	{"16mib", EXPR_NUMBER, 0, 0,
         "\"16mib\": not a number or a size such as 16MiB (write 16MiB)"},
	{"16MB", EXPR_NUMBER, 0, 0,
         "\"16MB\": not a number or a size such as 16MiB (write 16MiB)"},
	{"16xyz", EXPR_NUMBER, 0, 0, "\"16xyz\": not a number or a size such as 16MiB"},
	{"cpus * 16 MiB", EXPR_NUMBER, 0, 7,
         "\"16 MiB\": not a number or a size such as 16MiB (write 16MiB)"},
	{"10%", EXPR_NUMBER, 0, 0,
         "\"10%\": not a number or a size such as 16MiB (a percentage of RAM is a "
         "formula: = memory / 10)"},
	{"max(1, 30%)", EXPR_NUMBER, 0, 7,
         "\"30%\": not a number or a size such as 16MiB (a percentage of RAM is a "
         "formula: = memory * 30 / 100)"},
	{"1 / (cpus - 8)", EXPR_NUMBER, 0, 2, "division by zero"},
	{"9223372036854775807 + 1", EXPR_NUMBER, 0, 20,
         "the result does not fit in 64 bits"},
	{"99999999999999999999", EXPR_NUMBER, 0, 0, "the result does not fit in 64 bits"},
	{"pow2ceil(9223372036854775807)", EXPR_NUMBER, 0, 0,
         "the result does not fit in 64 bits"},
	{"kernel + 1", EXPR_NUMBER, 0, 7, "expected a number"},
	{"kernel", EXPR_NUMBER, 0, 0, "should yield a number"},
	{"cpus > 1", EXPR_NUMBER, 0, 0, "should yield a number"},
	{"cpus", EXPR_BOOL, 0, 0, "should be a condition"},
	{"kernel >= cpus * 1000", EXPR_BOOL, 0, 7,
         "the two sides of >= cannot be compared"},
	{"kernel >= cpus", EXPR_BOOL, 0, 7, "the two sides of >= cannot be compared"},
	{"kernel >= 7 - 1", EXPR_BOOL, 0, 7, "the two sides of >= cannot be compared"},
	{"kernel >= 1000", EXPR_BOOL, 0, 7, "the two sides of >= cannot be compared"},
	{"-(-9223372036854775807 - 1)", EXPR_NUMBER, 0, 0,
         "the result does not fit in 64 bits"},
	{"cpus and 1 == 1", EXPR_BOOL, 0, 0,
         "expected a condition such as kernel >= 6.1"},
	{"kernel >= 6.x", EXPR_BOOL, 0, 10, "\"6.x\": not a version such as 6.1"},
	{"kernel == 6.", EXPR_BOOL, 0, 10, "\"6.\": not a version such as 6.1"},
	{"kernel == 6..1", EXPR_BOOL, 0, 10, "\"6..1\": not a version such as 6.1"},
	{"kernel == 6.99999", EXPR_BOOL, 0, 10, "\"6.99999\": not a version such as 6.1"},
	{"kernel >= 6.1.999", EXPR_BOOL, 0, 10,
         "\"6.1.999\": not a version such as 6.1 (two numbers: patch levels are not "
         "compared)"},
	{"6.1.10 <= kernel", EXPR_BOOL, 0, 0,
         "\"6.1.10\": not a version such as 6.1 (two numbers: patch levels are not "
         "compared)"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct expr_error e = {0};
	int64_t result = 0;
	int r = expr_eval(row->text, &known, row->type, &result, &e);

	if (row->error) {
		assert_int_equal(r, -EINVAL);
		assert_string_equal(e.text, row->error);
		assert_int_equal(e.at, row->at);
		return;
	}
	assert_int_equal(r, 0);
	assert_int_equal(result, row->result);
}

/* Types do not depend on facts: these are invalid with and without them. */
static void test_no_version(void **state)
{
	static const char *const wrong[] = {"kernel > cpus - 8",
	                                    "kernel > clamp(6, 0, cpus)",
	                                    "kernel > round(6, 1)", "kernel > -cpus"};
	struct expr_error e = {0};
	int64_t result;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(expr_eval(wrong[i], &known, EXPR_BOOL, &result, &e),
		                 -EINVAL);
		assert_int_equal(expr_eval(wrong[i], &unknown, EXPR_BOOL, &result, &e),
		                 -EINVAL);
	}
}

/* Without facts, an error that depends on them is not reported. */
static void test_unknown(void **state)
{
	static const char *const fine[] = {"1 / (cpus - 8)", "clamp(1, cpus, memory)",
	                                   "pow2ceil(memory)", "round(cpus, memory)"};
	struct expr_error e = {0};
	int64_t result = 77;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++)
		assert_int_equal(expr_eval(fine[i], &unknown, EXPR_NUMBER, &result, &e),
		                 0);
	assert_int_equal(result, 77);
	assert_int_equal(expr_eval("cpu", &unknown, EXPR_NUMBER, &result, &e), -EINVAL);
}

static void test_bounds(void **state)
{
	struct expr_error e = {0};
	char text[EXPR_LENGTH_MAX + 2];
	int64_t result;

	(void)state;
	memset(text, '1', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(expr_eval(text, &known, EXPR_NUMBER, &result, &e), -EINVAL);
	assert_string_equal(e.text, "longer than 1024 characters");
	memset(text, '(', 100);
	text[100] = '\0';
	assert_int_equal(expr_eval(text, &known, EXPR_NUMBER, &result, &e), -EINVAL);
	assert_string_equal(e.text, "nested too deeply (limit: 32 levels)");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_test(&s, "no version", test_no_version);
	suite_test(&s, "unknown facts", test_unknown);
	suite_test(&s, "length and depth", test_bounds);
	return suite_run(&s);
}
