/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_WRAP_H
#define REPORT_WRAP_H

#include <stdio.h>

/* Fits every terminal; a report is never narrower than the minimum. */
#define REPORT_WIDTH     80
#define REPORT_WIDTH_MIN 40

/*
 * Print `text` in lines of at most 80 columns, indented by `indent`: `head` stands before
 * the first, or on a separate line if it is too long for that.
 */
void report_wrap(const char *head, int indent, const char *text, FILE *out);

#endif
