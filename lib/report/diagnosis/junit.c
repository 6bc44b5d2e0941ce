/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A diagnosis as JUnit XML: each finding is a case, and so is what was not checked. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/rules/finding.h"
#include "host/facts.h"
#include "host/host.h"
#include "report/diagnosis/diagnosis.h"
#include "report/junit_suite.h"

#define CLASS "diagnose"

static void add_evidence(struct buf *b, const struct evidences *e)
{
	for (size_t i = 0; i < e->n; i++)
		buf_addf(b, "- %s%s%s%s\n", e->list[i].text, e->list[i].where ? " (" : "",
		         e->list[i].where ? e->list[i].where : "",
		         e->list[i].where ? ")" : "");
}

static void finding_case(const struct finding *f, FILE *out)
{
	_free_ char *name =
		mem_format("%s%s%s", f->reason, *f->subject ? " " : "", f->subject);
	_buf_ struct buf text = {0};

	junit_case_begin(CLASS, name, out);
	if (f->severity == FINDING_NOTE) {
		junit_case_skipped(f->text, out);
		return;
	}
	buf_addf(&text, "%s: %s: %s\n", finding_severity_words[f->severity], name,
	         f->text);
	add_evidence(&text, &f->evidence);
	if (f->why)
		buf_addf(&text, "why: %s\n", f->why);
	if (f->remedy)
		buf_addf(&text, "fix: %s\n", f->remedy);
	junit_case_failed(f->reason, f->text, text.text, out);
}

static char *junit_verdict(const struct verdict *v)
{
	struct buf b = {0};

	if (!v->reason)
		return NULL;
	buf_addf(&b, "verdict: %s (%s, %s)\n", v->text, v->reason,
	         confidence_words[v->confidence]);
	add_evidence(&b, &v->evidence);
	for (size_t i = 0; i < v->n_next; i++)
		buf_addf(&b, "next: %s\n", v->next[i]);
	return buf_take(&b);
}

void report_diagnosis_junit(const struct diagnosis_report *r, FILE *out)
{
	const struct diagnosis *d = r->d;
	size_t notes = diagnosis_count(d, FINDING_NOTE);
	struct junit_suite suite = {.name = "hosttune diagnose",
	                            .host = r->facts ? r->facts->hostname : NULL,
	                            .now_s = r->now_s,
	                            .tests = d->n + d->n_unchecked + (d->n == notes),
	                            .failures = d->n - notes,
	                            .skipped = notes + d->n_unchecked};
	_free_ char *verdict = junit_verdict(&d->verdict);

	junit_begin(&suite, out);
	if (r->host) {
		junit_property("root", *r->host->root ? r->host->root : "/", out);
		junit_property("kernel", r->host->release, out);
	}
	if (r->facts)
		junit_property("instance_type", r->facts->instance_type, out);
	junit_properties_end(out);
	if (d->n == notes) {
		junit_case_begin(CLASS, "nothing found", out);
		junit_case_passed(out);
	}
	for (size_t i = 0; i < d->n; i++)
		finding_case(&d->findings[i], out);
	for (size_t i = 0; i < d->n_unchecked; i++) {
		junit_case_begin(CLASS, d->unchecked[i].what, out);
		junit_case_skipped(d->unchecked[i].why, out);
	}
	junit_end(verdict, out);
}
