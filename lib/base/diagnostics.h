/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_DIAGNOSTICS_H
#define BASE_DIAGNOSTICS_H

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
	SEVERITY_ERROR,
	SEVERITY_WARNING, /* valid, and likely not what is meant */
	SEVERITY_NOTE,    /* nothing wrong, and good to know */
};

struct diagnostic {
	enum severity severity;
	char *file;
	unsigned line, col;
	char *text;
};

struct diagnostics {
	struct diagnostic *list;
	size_t n, cap;
};

/* Add an error, a warning, a note: `thing "value": reason (hint)`, without the place. */
void diag_error(struct diagnostics *diag, struct place at, const char *fmt, ...)
	_printf_(3, 4);
void diag_warn(struct diagnostics *diag, struct place at, const char *fmt, ...)
	_printf_(3, 4);
void diag_note(struct diagnostics *diag, struct place at, const char *fmt, ...)
	_printf_(3, 4);

/* How many are errors. */
size_t diag_count_errors(const struct diagnostics *diag);

/* "warning: ": what stands before the text of one; "" for an error. */
const char *severity_prefix(enum severity s);

/* Order by file, line, column and severity, and drop repetitions. */
void diag_sort(struct diagnostics *diag);

void diag_done(struct diagnostics *diag);

#define _diagnostics_ _cleanup_(diag_done)

#endif
