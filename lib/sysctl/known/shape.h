/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_SHAPE_H
#define SYSCTL_KNOWN_SHAPE_H

/*
 * Values as the kernel reads and shows them: numbers by their prefix (0x403, 015),
 * rounded ones, lists of ranges, masks, sets of words. All texts are collapsed.
 */

#include "sysctl/known/table.h"

/* A number of the kernel: int to unsigned long. */
__extension__ typedef __int128 sysctl_number;

/*
 * Read a number as strtoul(…, 0) does: decimal, 0x… as hex, 0… as octal, with an optional
 * minus. Return: 0, -EINVAL (no number) or -ERANGE (beyond 64 bits).
 */
int sysctl_number_parse(const char *s, sysctl_number *ret);

/* sysctl_number_parse() of what fits into int64_t; -ERANGE if it does not. */
int sysctl_number_i64(const char *s, int64_t *ret);

/* Whether the kernel shows the word `now` after `want` was written. */
bool sysctl_shape_same_word(enum sysctl_shape shape, const char *want, const char *now);

/* The same for a whole value, of a shape that is a set: SHAPE_MASK to SHAPE_WORDS. */
bool sysctl_shape_same_set(enum sysctl_shape shape, const char *want, const char *now);

/* What joins the words of a list in a profile: "," for ranges, else " ". */
const char *sysctl_shape_separator(enum sysctl_shape shape);

/* Say what a word of the shape must be ("a whole number"); NULL: the word is valid. */
const char *sysctl_shape_fault(enum sysctl_shape shape, const char *word);

/* Whether the value is one number, or several. */
bool sysctl_shape_is_number(enum sysctl_shape shape);

#endif
