/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_STYLE_H
#define REPORT_AUDIT_STYLE_H

/* How texts of a report stand out on a terminal; without `color`, nothing is added. */

#include "report/audit/rows.h"

#include <stdbool.h>

struct buf;

enum style { STYLE_BOLD, STYLE_DIM, STYLE_GROUP };

/* Start a style; `g` is the group of STYLE_GROUP. */
void report_style(bool color, enum style s, enum row_group g, struct buf *out);

void report_style_end(bool color, struct buf *out);

#endif
