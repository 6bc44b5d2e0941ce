/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_ERE_H
#define DIAGNOSE_RULES_ERE_H

/* The text of POSIX extended regular expressions. */

#include <stddef.h>

/* Behind the bracket expression that begins at `p`. */
const char *ere_skip_class(const char *p);

/*
 * The longest text that each match contains, owned by the caller; NULL: none of at least
 * `min` bytes.
 */
char *ere_literal(const char *ere, size_t min);

#endif
