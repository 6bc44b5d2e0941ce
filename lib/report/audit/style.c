/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/style.h"

#include "base/text/buf.h"

void report_style(bool color, enum style s, enum row_group g, struct buf *out)
{
	static const char *const groups[] = {
		[ROWS_REFUSED] = "1;31", [ROWS_FAILED] = "1;31", [ROWS_DIFFER] = "33",
		[ROWS_PENDING] = "33",   [ROWS_WARN] = "1;33",   [ROWS_CHANGED] = "36",
		[ROWS_SKIPPED] = "2",    [ROWS_OK] = "32",       [ROWS_WAIVED] = "35",
	};

	if (color)
		buf_addf(out, "\033[%sm",
		         s == STYLE_BOLD  ? "1"
		         : s == STYLE_DIM ? "2"
		                          : groups[g]);
}

void report_style_end(bool color, struct buf *out)
{
	if (color)
		buf_add(out, "\033[0m");
}
