/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_ROW_DETAILS_H
#define REPORT_ROW_DETAILS_H

/* What report/columns.c prints of a row besides its columns: why, where, and the fix. */

#include "report/rows.h"

#include <stdbool.h>

struct buf;

/*
 * The message of a row as a printable text, with its place where the user must look
 * there, and all of "(LiveDiffers, nfs.yaml:12:3)" if `verbose`. Owned by the caller.
 */
char *row_message(const struct row *row, bool verbose);

/*
 * Add the lines below a row. Without `verbose`, only what apply would not fix has some:
 * how to fix it, and what depends on it.
 * `next`: the row that follows in the group; NULL: none. The same fix is said once.
 */
void row_add_details(const struct row *row, const struct row *next, bool verbose,
                     size_t width, struct buf *out);

#endif
