/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_PATTERN_H
#define DIAGNOSE_RULES_PATTERN_H

/*
 * Patterns of kernel messages: POSIX extended regular expressions with named groups, as
 * in "CPU#(?<cpu>[0-9]+)". Each has a literal text that every match contains, so that
 * most records of a log are skipped without matching them.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_FIELDS_MAX  12
#define PATTERN_LITERAL_MIN 4 /* bytes */

struct pattern_regex;

struct pattern {
	char *text;
	char *literal;
	struct pattern_regex *regex; /* compiled when it is first needed */
	size_t n_fields;
	struct pattern_field {
		char *name;
		size_t group;
		bool micro; /* its value is divided by 1000 */
	} fields[PATTERN_FIELDS_MAX];
};

/*
 * A field of microseconds, whose name ends in _us, has the name with _ms instead, and its
 * value in milliseconds: generations of one message differ in the unit.
 */

/* The values of the named groups of a match. A group that took no part has none. */
struct log_fields {
	size_t n;
	struct log_field {
		const char *name; /* borrowed from the pattern */
		char *value;
	} list[PATTERN_FIELDS_MAX];
};

/*
 * Read the names and the literal of a pattern. Return: 0; -EINVAL with `e` set. Free with
 * pattern_done() in any case.
 */
int pattern_read(struct pattern *p, const char *text, struct err *e);

/* Check that the rest of it is a regular expression. Return: the same. */
int pattern_check(const struct pattern *p, struct err *e);

/*
 * Match a message of `len` bytes, without NUL. Return: whether it matches; then `ret` has
 * its fields, freed with log_fields_done().
 */
bool pattern_match(const struct pattern *p, const char *message, size_t len,
                   struct log_fields *ret);

/* The value of a field; NULL: there is none. Borrowed. */
const char *log_fields_get(const struct log_fields *f, const char *name, size_t len);

void log_fields_done(struct log_fields *f);
void pattern_done(struct pattern *p);

#endif
