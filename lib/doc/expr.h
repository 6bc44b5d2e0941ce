/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_EXPR_H
#define DOC_EXPR_H

/*
 * Formulas of a profile: `max(8, cpus)`, `clamp(memory / 100, 64MiB, 2GiB) / 1KiB`, and
 * conditions: `kernel >= 6.1 and memory >= 32GiB`.
 *
 * Write a version as 6.1, or as a plain number when it is compared with another version:
 * `kernel >= 6`; 6.1 stands for any 6.1.x, and 6.1.10 is an error. A fact that is a text
 * is compared, with == or !=, with a text: one word, or in quotes of either kind: `arch
 * == aarch64 and variant != 'aws-dev'`.
 *
 * `and` and `or` stop at the first side that decides: `disks > 0 and disk_size / disks >
 * 1TiB` does not divide by zero. The rest is still checked for syntax, names and types.
 *
 * Numbers are 64-bit integers; division rounds down. Overflow, division by
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

/* EXPR_VERSION and EXPR_TEXT can only be compared. */
enum expr_type { EXPR_NUMBER, EXPR_BOOL, EXPR_VERSION, EXPR_TEXT };

/* The value of a name. */
struct expr_fact {
	const char *name;
	int64_t value;      /* EXPR_VERSION: a NUM_VERSION */
	const char *fault;  /* why it cannot be used here; NULL: it can */
	const char *absent; /* why its value is unknown; NULL: it is known */
	bool none;          /* the node has nothing of that kind; its value is 0 */
	enum expr_type type;
	const char *text; /* EXPR_TEXT */
};

/* Names and values; {0} ends the list. */
struct expr_facts {
	const struct expr_fact *list;
	bool unknown; /* the values are unknown: check, do not compute */
};

#define EXPR_ERROR_BYTES 320

struct expr_error {
	size_t at; /* offset in the text */
	char text[EXPR_ERROR_BYTES];
};

/*
 * Compute `text`, which must yield `type`. If the facts are unknown, check only syntax,
 * names and types and leave *ret unset.
 * Return: 0, or -EINVAL with the first error in `e`.
 */
int expr_eval(const char *text, const struct expr_facts *facts, enum expr_type type,
              int64_t *ret, struct expr_error *e);

#endif
