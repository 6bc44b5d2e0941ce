/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/problems.h"
#include "test.h"

static struct place at(const char *file, unsigned line, unsigned col)
{
	return (struct place){.file = file, .line = line, .col = col};
}

static void test_add(void **state)
{
	struct problems *ps = new_problems();
	char file[] = "a.yaml";

	(void)state;
	problems_add(ps, at(file, 3, 5), "%s \"%s\"", "unknown", "x");
	file[0] = 'z'; /* the name is copied */
	assert_int_equal(ps->n, 1);
	assert_string_equal(ps->list[0].file, "a.yaml");
	assert_string_equal(problems_text(ps), "3:5: unknown \"x\"\n");
	problems_add(ps, at(NULL, 0, 0), "no file");
	assert_string_equal(ps->list[1].file, "-");
}

static void test_sort(void **state)
{
	struct problems *ps = new_problems();

	(void)state;
	problems_add(ps, at("b", 1, 1), "6");
	problems_add(ps, at("a", 10, 1), "5");
	problems_add(ps, at("a", 9, 10), "4");
	problems_add(ps, at("a", 9, 2), "3");
	problems_add(ps, at("a", 9, 2), "2");
	problems_add(ps, at("a", 0, 0), "1");
	problems_sort(ps);
	assert_string_equal(problems_text(ps), "0:0: 1\n9:2: 2\n9:2: 3\n9:10: 4\n"
	                                       "10:1: 5\n1:1: 6\n");
}

/* The same fault of the same place is told once, whoever found it again. */
static void test_repetitions(void **state)
{
	struct problems *ps = new_problems();

	(void)state;
	for (int i = 0; i < 3; i++) {
		problems_add(ps, at("a", 1, 1), "same");
		problems_add(ps, at("a", 1, 2), "same");
		problems_add(ps, at("b", 1, 1), "same");
		problems_add(ps, at("a", 1, 1), "other");
	}
	problems_sort(ps);
	assert_string_equal(problems_text(ps),
	                    "1:1: other\n1:1: same\n1:2: same\n1:1: same\n");
}

/* A warning is no error; of one place the gravest comes first. */
static void test_severities(void **state)
{
	struct problems *ps = new_problems();

	(void)state;
	problems_note(ps, at("a", 1, 1), "%s", "c");
	problems_warn(ps, at("a", 1, 1), "%s", "b");
	assert_int_equal(problems_errors(ps), 0);
	problems_add(ps, at("a", 1, 1), "d");
	problems_warn(ps, at("a", 1, 1), "d");
	problems_note(ps, at("a", 0, 0), "e");
	problems_warn(ps, at("a", 1, 1), "b");
	problems_sort(ps);
	assert_string_equal(problems_text(ps), "0:0: note: e\n1:1: d\n1:1: warning: b\n"
	                                       "1:1: warning: d\n1:1: note: c\n");
	assert_int_equal(problems_errors(ps), 1);
}

static void test_many(void **state)
{
	struct problems *ps = new_problems();

	(void)state;
	for (unsigned i = 1000; i > 0; i--)
		problems_add(ps, at("a", i, 1), "p%u", i);
	problems_sort(ps);
	assert_int_equal(ps->n, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(ps->list[i].line, i + 1);
}

static void test_none(void **state)
{
	struct problems *ps = new_problems();

	(void)state;
	problems_sort(ps);
	assert_int_equal(ps->n, 0);
	problems_add(ps, at("a", 1, 1), "one");
	problems_sort(ps);
	assert_int_equal(ps->n, 1);
	problems_done(ps);
	assert_int_equal(ps->n, 0);
	problems_done(ps);
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "add", test_add);
	suite_test(&s, "sorted by file, line, column and text", test_sort);
	suite_test(&s, "repetitions are dropped", test_repetitions);
	suite_test(&s, "errors, warnings and notes", test_severities);
	suite_test(&s, "a thousand", test_many);
	suite_test(&s, "none, one, and done twice", test_none);
	return suite_run(&s);
}
