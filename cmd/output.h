/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

/*
 * Where results go: -o FORMAT prints to standard output, -o FORMAT=FILE replaces a file
 * of this machine (not beneath --root). Unless a format is asked for on standard output,
 * text goes there.
 */

#include "cmd.h"
#include "report/format.h"

#include <stdbool.h>
#include <stdio.h>

struct output {
	enum format format;
	const char *file; /* borrowed; NULL: standard output */
};

/* Add the argument of one -o. Return: 0, or -1 after printing the error. */
int output_add(struct options *o, const char *arg);

/*
 * Check that the command prints each format and that each FILE can be written; what the
 * run reads: files_check(). Nothing is changed. Return: 0, or -1 after printing the
 * errors.
 */
int outputs_check(const struct options *o, const struct cmd *cmd);

/* Return the format on standard output. */
enum format output_shown(const struct options *o);

/* Whether the format is asked for, on standard output or in a file. */
bool output_wanted(const struct options *o, enum format f);

/*
 * Print the results in one format. `log`: what belongs to them in text, such as errors:
 * standard error, or `out` itself if that is a file.
 */
typedef void output_print(enum format f, void *ctx, FILE *out, FILE *log);

/*
 * Print the results in each format asked for, in the order of the table of formats.
 *
 * Return: `code`, or that of output_lost() if a file could not be written.
 */
enum exit_code outputs_write(const struct options *o, enum exit_code code,
                             output_print *print, void *ctx);

/*
 * The exit code of a run whose results could not be written completely: EXIT_FAILED for
 * EXIT_IN_SYNC and EXIT_DRIFT, which would look like a complete result; that of
 * node-problem-detector is NPD_UNKNOWN. An apply that succeeded stays EXIT_IN_SYNC
 * (struct options: acts).
 */
enum exit_code output_lost(const struct options *o, enum exit_code code);

#endif
