/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/prefilter.h"
#include "diagnose/rules/pattern.h"
#include "test.h"

#include <errno.h>
#include <string.h>

static void note(size_t literal, void *arg)
{
	((unsigned *)arg)[literal]++;
}

static void test_prefilter(void **state)
{
	static const char *const literals[] = {"lockup", "lock", "table full", "up - C",
	                                       "ull"};
	static const char text[] = "soft lockup - CPU; table full";
	_cleanup_(prefilter_done) struct prefilter p = {0};
	unsigned found[ARRAY_SIZE(literals)] = {0};

	(void)state;
	prefilter_begin(&p, literals, ARRAY_SIZE(literals));
	prefilter_search(&p, text, strlen(text), note, found);
	for (size_t i = 0; i < ARRAY_SIZE(literals); i++)
		assert_int_equal(found[i], 1);
	assert_false(prefilter_any(&p, "lo", 2));
	assert_false(prefilter_any(&p, "", 0));
	assert_true(prefilter_any(&p, "ull", 3));
	assert_false(prefilter_any(&p, "table ful", 9));
}

static const struct literal {
	const char *ere, *literal;
} literals[] = {
	{"stuck for [0-9]+s!", "stuck for "},
	{"abcd?efgh", "efgh"},
	{"abcde*fg", "abcd"},
	{"abcde{2}fg", "abcd"},
	{"ab(cd|ef)ghij", "ghij"},
	{"ab(cd)ef", "abcdef"},
	{"ab(cdef)?gh", NULL},
	{"abcd|efgh", NULL},
	{"a\\.b\\[c\\]d", "a.b[c]d"},
	{"abc\\wdefg", "defg"},
	{"ab[]x]cdef", "cdef"},
	{"ab[[:digit:]]cdef", "cdef"},
	{"(a(bcd)+e)", "abcd"},
	{"(ab(c|d))efgh", "efgh"},
	{"^abcd$", "abcd"},
	{"abcdef+", "abcdef"},
	{"abcdef++", "abcdef"},
	{"abcdef+?", "abcde"},
	{"abcdef++{2}", "abcde"},
	{"(abcdef)+", "abcdef"},
	{"(abcdef)+*gh", NULL},
	{0},
};

static void test_literals(void **state)
{
	(void)state;
	for (const struct literal *l = literals; l->ere; l++) {
		_cleanup_(pattern_done) struct pattern p = {0};
		struct err e = {0};
		int r = pattern_read(&p, l->ere, &e);

		assert_int_equal(r, l->literal ? 0 : -EINVAL);
		if (l->literal)
			assert_string_equal(p.literal, l->literal);
	}
}

static void test_fields(void **state)
{
	_cleanup_(pattern_done) struct pattern p = {0};
	struct log_fields f;
	struct err e = {0};

	(void)state;
	assert_int_equal(
		pattern_read(&p, "CPU#(?<cpu>[0-9]+)( of (?<of>x))? for (?<t_us>[0-9]+)",
	                     &e),
		0);
	assert_true(pattern_match(&p, "CPU#10239 for 22000000us", 24, &f));
	assert_int_equal(f.n, 2);
	assert_string_equal(log_fields_get(&f, "cpu", 3), "10239");
	assert_string_equal(log_fields_get(&f, "t_ms", 4), "22000");
	assert_null(log_fields_get(&f, "of", 2));
	log_fields_done(&f);
	assert_false(pattern_match(&p, "CPU#10239 for 22000000us", 14, &f));
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "prefilter", test_prefilter);
	suite_test(&s, "literals of patterns", test_literals);
	suite_test(&s, "fields of patterns", test_fields);
	return suite_run(&s);
}
