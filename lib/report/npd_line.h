/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_NPD_LINE_H
#define REPORT_NPD_LINE_H

/*
 * What a custom plugin of node-problem-detector returns: one line for the message of a
 * node condition or event, which it cuts at 80 bytes, and 0, 1 or 2.
 */

#include "base/text/buf.h"

#include <stdio.h>

#define NPD_LINE_MAX 80 /* its max_output_length, by default */

enum npd_status { NPD_OK, NPD_PROBLEM, NPD_UNKNOWN };

/* Add as much as fits, without half a character; what is cut ends with "...". */
void npd_add_cut(struct buf *b, const char *text);

/* Print the line of a run without results. */
void npd_print_unknown(const char *why, FILE *out);

#endif
