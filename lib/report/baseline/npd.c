/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "baseline/changes.h"
#include "report/baseline/baseline.h"

#include <string.h>

enum npd_status report_baseline_npd_status(const struct baseline_report *r)
{
	if (r->c->n_counted > 0)
		return NPD_PROBLEM;
	/* what could not be read is not unchanged */
	return r->c->n_unread > 0 ? NPD_UNKNOWN : NPD_OK;
}

static char *npd_change(const struct baseline_change *c)
{
	_free_ char *text =
		mem_format("%s%s%s is %s", c->subject, c->what ? " " : "",
	                   c->what ? c->what : "", c->now && *c->now ? c->now : "gone");

	return display_text(text);
}

void report_baseline_npd(const struct baseline_report *r, FILE *out)
{
	const struct baseline_comparison *c = r->c;
	_buf_ struct buf b = {0};

	if (report_baseline_npd_status(r) == NPD_UNKNOWN) {
		npd_print_unknown("something in the baseline cannot be read now", out);
		return;
	}
	if (c->n_counted == 0)
		buf_add(&b, "no change since the baseline");
	else
		buf_addf(&b, "%zu %s since the baseline", c->n_counted,
		         c->n_counted == 1 ? "change" : "changes");
	for (size_t i = 0; i < c->n && c->changes[i].type != CHANGE_BETTER; i++) {
		_free_ char *text = npd_change(&c->changes[i]);

		/* whole changes only, but for the first */
		if (i > 0 && b.len + strlen("; ") + strlen(text) > NPD_LINE_MAX)
			break;
		buf_add(&b, i == 0 ? ": " : "; ");
		npd_add_cut(&b, text);
	}
	(void)fprintf(out, "%s\n", b.text);
}
