/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "diagnose/rules/finding.h"
#include "report/diagnosis/counts.h"
#include "report/diagnosis/diagnosis.h"
#include "report/npd_line.h"

#include <string.h>

enum npd_status report_diagnosis_npd_status(const struct diagnosis_report *r)
{
	if (diagnosis_has_problem(r->d))
		return NPD_PROBLEM;
	/* what could not be checked is not fine */
	return r->incomplete || r->d->n_rules == 0 || r->d->unread ? NPD_UNKNOWN : NPD_OK;
}

static char *npd_finding(const struct finding *f)
{
	_free_ char *text =
		mem_format("%s%s%s", f->subject, *f->subject ? ": " : "", f->text);

	return display_text(text);
}

/* Whole findings only, but for the first. */
static void npd_add_findings(struct buf *b, const struct diagnosis *d)
{
	for (size_t i = 0; i < d->n && d->findings[i].severity != FINDING_NOTE; i++) {
		_free_ char *text = npd_finding(&d->findings[i]);

		if (i > 0 && b->len + strlen("; ") + strlen(text) > NPD_LINE_MAX)
			break;
		buf_add(b, i == 0 ? ": " : "; ");
		npd_add_cut(b, text);
	}
}

void report_diagnosis_npd(const struct diagnosis_report *r, FILE *out)
{
	_free_ char *counts = diagnosis_counts(r->d), *verdict = NULL;
	_buf_ struct buf b = {0};

	if (report_diagnosis_npd_status(r) == NPD_UNKNOWN) {
		npd_print_unknown(r->incomplete        ? r->incomplete
		                  : r->d->n_rules == 0 ? "no rule was checked"
		                                       : counts,
		                  out);
		return;
	}
	buf_add(&b, counts);
	if (r->d->verdict.reason && r->d->verdict.confidence != CONFIDENCE_NONE) {
		verdict = display_text(r->d->verdict.text);
		buf_add(&b, ": ");
		npd_add_cut(&b, verdict);
	} else {
		npd_add_findings(&b, r->d);
	}
	(void)fprintf(out, "%s\n", b.text);
}
