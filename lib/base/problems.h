/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_PROBLEMS_H
#define BASE_PROBLEMS_H

/*
 * What is wrong with the input, each with its place. Reading goes on after a
 * problem, so that one run tells them all.
 */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

/* A place in a profile. line and col count from 1; line 0: the file as a whole. */
struct place {
	const char *file; /* borrowed: lives as long as the document it names */
	unsigned line, col;
};

enum severity {
	PROBLEM_ERROR,
	PROBLEM_WARNING, /* valid, and likely not what is meant */
	PROBLEM_NOTE,    /* nothing wrong, and good to know */
};

struct problem {
	enum severity severity;
	char *file;
	unsigned line, col;
	char *text;
};

struct problems {
	struct problem *list;
	size_t n, cap;
};

/* Add an error, a warning, a note: `thing "value": reason (hint)`, without the place. */
void problems_add(struct problems *ps, struct place at, const char *fmt, ...)
	_printf_(3, 4);
void problems_warn(struct problems *ps, struct place at, const char *fmt, ...)
	_printf_(3, 4);
void problems_note(struct problems *ps, struct place at, const char *fmt, ...)
	_printf_(3, 4);

/* How many are errors. */
size_t problems_errors(const struct problems *ps);

/* "warning: ": what stands before the text of one; "" for an error. */
const char *severity_prefix(enum severity s);

/* Order by file, line, column and severity, and drop repetitions. */
void problems_sort(struct problems *ps);

void problems_done(struct problems *ps);

#define _problems_ _cleanup_(problems_done)

#endif
