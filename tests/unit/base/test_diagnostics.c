/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/diagnostics.h"
#include "test.h"

static struct place at(const char *file, unsigned line, unsigned col)
{
	return (struct place){.file = file, .line = line, .col = col};
}

static void test_add(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	char file[] = "a.yaml";

	(void)state;
	diag_error(diag, at(file, 3, 5), "%s \"%s\"", "unknown", "x");
	file[0] = 'z'; /* the name is copied */
	assert_int_equal(diag->n, 1);
	assert_string_equal(diag->list[0].file, "a.yaml");
	assert_string_equal(diagnostics_text(diag), "3:5: unknown \"x\"\n");
	diag_error(diag, at(NULL, 0, 0), "no file");
	assert_string_equal(diag->list[1].file, "-");
}

static void test_sort(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	diag_error(diag, at("b", 1, 1), "6");
	diag_error(diag, at("a", 10, 1), "5");
	diag_error(diag, at("a", 9, 10), "4");
	diag_error(diag, at("a", 9, 2), "3");
	diag_error(diag, at("a", 9, 2), "2");
	diag_error(diag, at("a", 0, 0), "1");
	diag_sort(diag);
	assert_string_equal(diagnostics_text(diag), "0:0: 1\n9:2: 2\n9:2: 3\n9:10: 4\n"
	                                            "10:1: 5\n1:1: 6\n");
}

/* The same problem at the same place is reported once. */
static void test_repetitions(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	for (int i = 0; i < 3; i++) {
		diag_error(diag, at("a", 1, 1), "same");
		diag_error(diag, at("a", 1, 2), "same");
		diag_error(diag, at("b", 1, 1), "same");
		diag_error(diag, at("a", 1, 1), "other");
	}
	diag_sort(diag);
	assert_string_equal(diagnostics_text(diag),
	                    "1:1: other\n1:1: same\n1:2: same\n1:1: same\n");
}

/* Warnings are not errors; at one place the most severe problem comes first. */
static void test_severities(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	diag_note(diag, at("a", 1, 1), "%s", "c");
	diag_warn(diag, at("a", 1, 1), "%s", "b");
	assert_int_equal(diag_count_errors(diag), 0);
	diag_error(diag, at("a", 1, 1), "d");
	diag_warn(diag, at("a", 1, 1), "d");
	diag_note(diag, at("a", 0, 0), "e");
	diag_warn(diag, at("a", 1, 1), "b");
	diag_sort(diag);
	assert_string_equal(diagnostics_text(diag),
	                    "0:0: note: e\n1:1: d\n1:1: warning: b\n"
	                    "1:1: warning: d\n1:1: note: c\n");
	assert_int_equal(diag_count_errors(diag), 1);
}

static void test_many(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	for (unsigned i = 1000; i > 0; i--)
		diag_error(diag, at("a", i, 1), "p%u", i);
	diag_sort(diag);
	assert_int_equal(diag->n, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(diag->list[i].line, i + 1);
}

static void test_none(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	diag_sort(diag);
	assert_int_equal(diag->n, 0);
	diag_error(diag, at("a", 1, 1), "one");
	diag_sort(diag);
	assert_int_equal(diag->n, 1);
	diag_done(diag);
	assert_int_equal(diag->n, 0);
	diag_done(diag);
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "add", test_add);
	suite_test(&s, "sorted by file, line, column and text", test_sort);
	suite_test(&s, "duplicates are dropped", test_repetitions);
	suite_test(&s, "errors, warnings and notes", test_severities);
	suite_test(&s, "a thousand problems", test_many);
	suite_test(&s, "none, one, and done twice", test_none);
	return suite_run(&s);
}
