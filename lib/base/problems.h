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

struct problem {
	char *file;
	unsigned line, col;
	char *text;
};

struct problems {
	struct problem *list;
	size_t n, cap;
};

/* Add one: `thing "value": reason (hint)`, without the place. */
void problems_add(struct problems *ps, struct place at, const char *fmt, ...)
	_printf_(3, 4);

/* Order by file, line and column, and drop repetitions. */
void problems_sort(struct problems *ps);

void problems_done(struct problems *ps);

#define _problems_ _cleanup_(problems_done)

#endif
