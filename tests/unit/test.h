/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_TEST_H
#define UNIT_TEST_H

/*
 * Shared by all unit tests: cmocka's headers in the order it requires, suites whose tests
 * are rows of a table, and objects freed after each test, passed or failed (a failing
 * assertion jumps past clean-up attributes).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/diagnostics.h"
#include "base/macro.h"

struct node;

#define SUITE_MAX 160

struct suite {
	struct CMUnitTest tests[SUITE_MAX];
	size_t n;
};

/* Set what runs before and after each test; call before adding tests. */
void suite_fixture(CMFixtureFunction setup, CMFixtureFunction teardown);

void suite_test(struct suite *s, const char *name, CMUnitTestFunction function);

/*
 * Add one test per row, named after the function and the row's first member, a string.
 * *state is the row. `rows` is an array that lives as long as the program.
 */
#define suite_rows(s, rows, function) suite_some(s, rows, ARRAY_SIZE(rows), function)
#define suite_some(s, rows, n, function) \
	suite_add_rows(s, #function, rows, n, sizeof((rows)[0]), function)
void suite_add_rows(struct suite *s, const char *function_name, const void *rows,
                    size_t n, size_t size, CMUnitTestFunction function);

/* Run the suite. Return: exit code for main(). */
int suite_run(struct suite *s);

/* Free the object after the current test. Return: the object. */
void *keep(void *object, void (*free_object)(void *object));
char *keep_text(char *text);
struct node *keep_node(struct node *n);

/* An empty list of problems, freed after the test. */
struct diagnostics *new_diagnostics(void);

/* Format each problem as "3:5: text\n". */
const char *diagnostics_text(const struct diagnostics *diag);

/*
 * Parse YAML, which must have no problems. yaml() frees the tree after the test; the
 * caller owns that of yaml_owned().
 */
struct node *yaml(const char *text);
struct node *yaml_owned(const char *text);

/* Format the tree as one line of JSON; "(none)" for NULL. */
const char *tree_text(const struct node *n);

/* Return the monotonic clock in milliseconds. */
int64_t clock_ms(void);

#define assert_part(text, part)                                                          \
	do {                                                                             \
		const char *text_ = (text), *part_ = (part);                             \
		if (!text_ || !strstr(text_, part_))                                     \
			fail_msg("\"%s\" has no \"%s\"", text_ ? text_ : "NULL", part_); \
	} while (0)

/* Like assert_string_equal(), but NULL equals NULL. */
#define assert_text(got, want)                                                     \
	do {                                                                       \
		const char *got_ = (got), *want_ = (want);                         \
		assert_string_equal(got_ ? got_ : "NULL", want_ ? want_ : "NULL"); \
	} while (0)

#endif
