/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

/*
 * The formats of results, in one table: the parser of -o, the help and the completions
 * know them only from there. Which of them a command prints is in its struct cmd.
 */

#include <stdbool.h>
#include <stddef.h>

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_JUNIT,
	FORMAT_PROMETHEUS,
	FORMAT_NPD,
	FORMAT_HTML,
	FORMATS
};

struct format_def {
	const char *name; /* "json" */
	const char *doc;  /* for the help: what it is for */
	bool evidence;    /* prints what plan_gather_details() reads */
};

extern const struct format_def format_defs[FORMATS];

/*
 * Find a format by name, `len` bytes long and not terminated. Return: FORMATS if there is
 * none.
 */
enum format format_find(const char *name, size_t len);

/* Format `names`, joined by " ", for a sentence: "text, json or junit". Caller frees. */
char *format_list(const char *names);

#endif
