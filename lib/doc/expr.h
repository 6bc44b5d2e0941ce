/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_EXPR_H
#define DOC_EXPR_H

/*
 * Formulas of a profile: `max(8, cpus)`, `clamp(memory / 100, 64MiB, 2GiB) / 1KiB`, and
 * conditions: `kernel >= 6.1 and memory >= 32GiB`.
 *
 * A version is written 6.1, or beside another one as a plain number: `kernel >= 6`.
 * Whole numbers of 64 bits; division rounds down. Overflow, division by zero and an
 * empty range are errors. Length and depth are bounded, and nothing loops: the time is
 * linear in the length.
 *
 *   + - * /  ( )  < <= > >= == !=  not and or
 *   min(a, ...)  max(a, ...)  clamp(x, low, high)
 *   round(x, step)  to the nearest multiple of step      pow2ceil(x)  up to a power of 2
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPR_LENGTH_MAX 1024
#define EXPR_DEPTH_MAX  32

/* What a name stands for. `kernel` is a NUM_VERSION and can only be compared. */
struct expr_fact {
	const char *name;
	int64_t value;
	const char *fault; /* why it cannot be asked for here; NULL: it can */
};

/* Names and values, ended by {0}. */
struct expr_facts {
	const struct expr_fact *list;
	bool unknown; /* only the names count: check, do not compute */
};

enum expr_type { EXPR_NUMBER, EXPR_BOOL, EXPR_VERSION };

struct expr_error {
	size_t at; /* offset in the text */
	char text[160];
};

/*
 * Compute `text`, which must yield `type`. Of unknown facts only syntax, names and
 * types are checked, and *ret is not set.
 * Return: 0 or -EINVAL with the first error.
 */
int expr_eval(const char *text, const struct expr_facts *facts, enum expr_type type,
              int64_t *ret, struct expr_error *e);

#endif
