/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_NEXT_H
#define REPORT_AUDIT_NEXT_H

/* The last lines of a report for people: what to do next, for report/audit/text.c. */

#include <stdbool.h>

struct buf;
struct report;
struct rows;

/* Add the next commands, and what they will not do; nothing if there is nothing to do. */
void report_next(const struct report *r, const struct rows *rows, struct buf *out);

/* Whether report_next() says that the next boot loses what apply would do. */
bool report_limits_are_said(const struct report *r, const struct rows *rows);

#endif
