/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_EXPR_READER_H
#define DOC_EXPR_READER_H

/* What the files of expressions share: the text being read, and the values read from it.
 */

#include "base/macro.h"
#include "doc/expr.h"

#define EXPR_NAME_BYTES 128
#define EXPR_ARGS_MAX   16

struct expr_value {
	enum expr_type type;
	int64_t n;
	bool major; /* a literal that can be a major version: kernel >= 6 */

	/* EXPR_TEXT */
	const char *text; /* borrowed; NULL: unknown */
	size_t len;
	bool fact; /* not a literal */
};

struct expr_reader {
	const char *text;
	size_t at, depth;
	enum expr_type type; /* what the whole text must yield */
	const struct expr_facts *facts;
	struct expr_error *error;
	bool failed;
	bool dry; /* check, do not compute: no facts, or `and` and `or` are decided */
};

/* Record the first error, which stops the evaluation. */
struct expr_value expr_fail(struct expr_reader *r, size_t at, const char *fmt, ...)
	_printf_(3, 4);

void expr_skip_blanks(struct expr_reader *r);

/* Consume `token` if it comes next. "or" does not match the start of "order". */
bool expr_take(struct expr_reader *r, const char *token);

/* The same, but its absence is an error. */
void expr_expect(struct expr_reader *r, const char *token);

/*
 * Report a size that a blank or a % follows: "16 MiB", "10%". Return: whether the reader
 * is at the end of one.
 */
bool expr_fail_cut_size(struct expr_reader *r);

/* Copy a word of letters, digits, dots and underscores. Return: its length. */
size_t expr_word(struct expr_reader *r, char *ret);

/* An error at `at` unless all `n` values are numbers. */
void expr_want_numbers(struct expr_reader *r, size_t at, const struct expr_value *a,
                       size_t n);

/* The number `n`, or an error if it overflowed. */
struct expr_value expr_number(struct expr_reader *r, size_t at, int64_t n, bool overflow);

#endif
