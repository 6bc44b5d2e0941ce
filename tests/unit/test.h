/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_TEST_H
#define UNIT_TEST_H

/*
 * What all unit tests share: cmocka in the order that it wants, suites whose tests are
 * rows of a table, and things that are freed after each test, passed or failed (a
 * failing assertion jumps past clean-up attributes).
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

/* Run before and after each test of this program; call before adding any. */
void suite_fixture(CMFixtureFunction setup, CMFixtureFunction teardown);

void suite_test(struct suite *s, const char *name, CMUnitTestFunction function);

/*
 * One test a row, named by the function and the row's first member, a text; *state is
 * the row. `rows` is an array that lives as long as the program.
 */
#define suite_rows(s, rows, function) suite_some(s, rows, ARRAY_SIZE(rows), function)
#define suite_some(s, rows, n, function) \
	suite_add_rows(s, #function, rows, n, sizeof((rows)[0]), function)
void suite_add_rows(struct suite *s, const char *function_name, const void *rows,
                    size_t n, size_t size, CMUnitTestFunction function);

/* Return: for main(). */
int suite_run(struct suite *s);

/* Freed after the test that runs. Return: what was given. */
void *keep(void *object, void (*free_object)(void *object));
char *keep_text(char *text);
struct node *keep_node(struct node *n);

/* An empty list of problems, freed after the test. */
struct diagnostics *new_diagnostics(void);

/* "3:5: text\n" for each problem. */
const char *diagnostics_text(const struct diagnostics *diag);

/* A tree from YAML that has no problems; freed after the test. Or owned by the caller. */
struct node *yaml(const char *text);
struct node *yaml_owned(const char *text);

/* The tree as one line of JSON; "(none)" for NULL. */
const char *tree_text(const struct node *n);

/* Milliseconds of a clock that only goes forward. */
int64_t clock_ms(void);

#define assert_part(text, part)                                                          \
	do {                                                                             \
		const char *text_ = (text), *part_ = (part);                             \
		if (!text_ || !strstr(text_, part_))                                     \
			fail_msg("\"%s\" has no \"%s\"", text_ ? text_ : "NULL", part_); \
	} while (0)

/* As assert_string_equal(), NULL being equal to NULL. */
#define assert_text(got, want)                                                     \
	do {                                                                       \
		const char *got_ = (got), *want_ = (want);                         \
		assert_string_equal(got_ ? got_ : "NULL", want_ ? want_ : "NULL"); \
	} while (0)

#endif
