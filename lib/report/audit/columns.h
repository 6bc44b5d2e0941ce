/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_COLUMNS_H
#define REPORT_AUDIT_COLUMNS_H

/* Rows of a report as aligned columns of a terminal, for report/audit/text.c. */

#include "report/audit/rows.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct columns {
	size_t width; /* of the terminal */
	bool color, verbose;
	bool one_file;     /* the profile is one file: a line says it all */
	rows_shows *shows; /* as of rows_make() */
	const void *arg;
	size_t what, live, wanted, place; /* widths, from columns_fit() */
	size_t messages[ROW_GROUPS];      /* where the messages of a group start */
};

/* Measure the rows that are printed. */
void columns_fit(struct columns *c, const struct rows *rows);

/* Add a group with its heading; nothing if none of its rows is printed. */
void columns_add_group(const struct columns *c, const struct rows *rows, enum row_group g,
                       struct buf *out);

#endif
