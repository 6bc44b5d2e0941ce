/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_EXPR_H
#define DOC_EXPR_H

/*
 * Formulas of a profile: `max(8, cpus)`, `clamp(memory / 100, 64MiB, 2GiB) / 1KiB`, and
 * conditions: `kernel >= 6.1 and memory >= 32GiB`.
 *
 * Write a version as 6.1, or as a plain number when it is compared with another version:
 * `kernel >= 6`. Numbers are 64-bit integers; division rounds down. Overflow, division by
 * zero and an empty range are errors. Length and depth are bounded and there are no
 * loops, so evaluation takes linear time.
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

/* The value of a name. `kernel` is a NUM_VERSION, which can only be compared. */
struct expr_fact {
	const char *name;
	int64_t value;
	const char *fault; /* why it cannot be used here; NULL: it can */
};

/* Names and values; {0} ends the list. */
struct expr_facts {
	const struct expr_fact *list;
	bool unknown; /* the values are unknown: check, do not compute */
};

enum expr_type { EXPR_NUMBER, EXPR_BOOL, EXPR_VERSION };

struct expr_error {
	size_t at; /* offset in the text */
	char text[160];
};

/*
 * Compute `text`, which must yield `type`. If the facts are unknown, check only syntax,
 * names and types and leave *ret unset.
 * Return: 0, or -EINVAL with the first error in `e`.
 */
int expr_eval(const char *text, const struct expr_facts *facts, enum expr_type type,
              int64_t *ret, struct expr_error *e);

#endif
