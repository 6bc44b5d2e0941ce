/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_ROW_DETAILS_H
#define REPORT_AUDIT_ROW_DETAILS_H

/* What report/audit/columns.c prints of a row besides its columns: why, where, and the
 * fix. */

#include "report/audit/rows.h"

#include <stdbool.h>

struct buf;

/*
 * The message of a row as a printable text, with its place where the user must look
 * there, and all of "(LiveDiffers, nfs.yaml:12:3)" if `verbose`. Owned by the caller.
 */
char *row_message(const struct row *row, bool verbose);

/* How a row is printed. */
struct row_view {
	const struct row *next; /* that follows in the group, or NULL */
	bool verbose;
	bool cut;     /* its columns do not show all of its values */
	size_t width; /* of the terminal */
};

/*
 * Add the lines below a row. If not verbose, only what apply would not fix has some: how
 * to fix it, once for rows with the same fix, and what depends on it.
 */
void row_add_details(const struct row *row, const struct row_view *v, struct buf *out);

#endif
