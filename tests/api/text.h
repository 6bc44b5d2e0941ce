/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Rules for strings. */
#ifndef API_TEXT_H
#define API_TEXT_H

#include "model.h"

/* Return: false, with a complaint that has no position yet, if @text breaks the rule. */
bool text_fits(const struct text *rule, const struct buf *text, struct de *de);

/* What is stored for a string that fits: a new reference. */
json_t *text_stored(const struct text *rule, const struct buf *text);

/* "expected `a`", "expected `a` or `b`", "expected one of `a`, `b`, `c`"; owned by the
 * caller. */
char *text_expected(const char *const *names, size_t n);

/* Whether the extended regular expression matches. */
bool text_matches(const char *pattern, const char *text);

/* A string as Rust's debug format prints it, with its quotes; owned by the caller. */
char *text_debug(const char *text);

#endif
