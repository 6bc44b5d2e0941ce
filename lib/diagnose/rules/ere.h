/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_ERE_H
#define DIAGNOSE_RULES_ERE_H

/* The text of POSIX extended regular expressions. */

#include <stddef.h>
#include <stdint.h>

/* Behind the bracket expression that begins at `p`. */
const char *ere_skip_class(const char *p);

/*
 * The longest text that each match contains, owned by the caller; NULL: none of at least
 * `min` bytes.
 */
char *ere_literal(const char *ere, size_t min);

/* Of ere_size(). */
#define ERE_SIZE_MAX (UINT64_C(1) << 30)

/*
 * About how many states a matcher needs, at most ERE_SIZE_MAX: "{9}" copies what it
 * repeats, and "+" does so once. It recurs into groups, so check their number before.
 */
uint64_t ere_size(const char *ere);

#endif
