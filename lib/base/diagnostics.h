/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_DIAGNOSTICS_H
#define BASE_DIAGNOSTICS_H

/*
 * Problems of the input, each with its place. Parsing continues after a problem, so
 * one run reports all of them.
 */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

/* A place in a profile. line and col count from 1; line 0: the whole file. */
struct place {
	const char *file; /* borrowed: lives as long as the document it names */
	unsigned line, col;
};

enum severity {
	SEVERITY_ERROR,
	SEVERITY_WARNING, /* valid, but probably a mistake */
	SEVERITY_NOTE,    /* no mistake, but useful to know */
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
	size_t errors; /* of the n */
	bool failed;   /* one is of this machine, not of the input: see diag_fail() */
};

/* Add an error, warning or note: `thing "value": reason (hint)`, without the place. */
void diag_error(struct diagnostics *diag, struct place at, const char *fmt, ...)
	_printf_(3, 4);
void diag_warn(struct diagnostics *diag, struct place at, const char *fmt, ...)
	_printf_(3, 4);
void diag_note(struct diagnostics *diag, struct place at, const char *fmt, ...)
	_printf_(3, 4);

/* An error that is no fault of the input: it could not be read, and may be valid. */
void diag_fail(struct diagnostics *diag, struct place at, const char *fmt, ...)
	_printf_(3, 4);

/* Count the errors. */
size_t diag_count_errors(const struct diagnostics *diag);

/* Return the prefix of a problem's text: "warning: ", "note: ", or "" for an error. */
const char *severity_prefix(enum severity s);

/* Sort by file, line, column and severity, and drop duplicates. */
void diag_sort(struct diagnostics *diag);

void diag_done(struct diagnostics *diag);

#define _diagnostics_ _cleanup_(diag_done)

#endif
