/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A diagnosis as an HTML page. */
#include "report/html.h"
#include "base/mem.h"
#include "diagnose/rules/finding.h"
#include "host/facts.h"
#include "host/host.h"
#include "report/diagnosis/counts.h"
#include "report/diagnosis/diagnosis.h"

static const char *const titles[] = {"Severity",    "What",   "Evidence",
                                     "Why and fix", "Source", NULL};

/* The rows of what was not checked come last. */
#define ORDER_UNCHECKED FINDING_SEVERITIES

static void evidence_cell(struct html_table *t, const struct evidences *e)
{
	html_cell_begin(t, NULL);
	for (size_t i = 0; i < e->n; i++) {
		html_line(t, "code", e->list[i].text);
		if (e->list[i].where)
			html_line(t, "dim", e->list[i].where);
	}
	html_cell_end(t);
}

static void finding_row(struct html_table *t, const struct finding *f)
{
	static const enum html_tone tones[] = {[FINDING_CRITICAL] = HTML_BAD,
	                                       [FINDING_WARNING] = HTML_WARN,
	                                       [FINDING_NOTE] = HTML_INFO};
	_free_ char *what =
		mem_format("%s%s%s", f->subject, *f->subject ? ": " : "", f->text);
	_free_ char *fix = f->remedy ? mem_format("fix: %s", f->remedy) : NULL;

	html_row_begin(t, tones[f->severity], finding_severity_words[f->severity],
	               f->severity);
	html_cell(t, what);
	evidence_cell(t, &f->evidence);
	html_cell_begin(t, NULL);
	if (f->why)
		html_line(t, NULL, f->why);
	if (fix)
		html_line(t, "code", fix);
	html_line(t, "dim", f->reason);
	html_cell_end(t);
	html_cell(t, f->source);
	html_row_end(t);
}

static void unchecked_row(struct html_table *t, const struct unchecked *u)
{
	html_row_begin(t, HTML_PLAIN, "not checked", ORDER_UNCHECKED);
	html_cell(t, u->what);
	html_cell(t, NULL);
	html_cell(t, u->why);
	html_cell(t, NULL);
	html_row_end(t);
}

static void verdict_notes(const struct verdict *v, FILE *out)
{
	_free_ char *text = NULL;

	if (!v->reason)
		return;
	text = mem_format("Verdict: %s (%s, %s)", v->text, v->reason,
	                  confidence_words[v->confidence]);
	html_note(text, out);
	for (size_t i = 0; i < v->evidence.n; i++)
		html_note(v->evidence.list[i].text, out);
	for (size_t i = 0; i < v->n_next; i++) {
		_free_ char *next = mem_format("Next: %s", v->next[i]);

		html_note(next, out);
	}
}

static void html_facts(const struct diagnosis_report *r, FILE *out)
{
	html_facts_begin(out);
	html_fact("node", r->facts ? r->facts->hostname : NULL, out);
	html_fact("instance", r->facts ? r->facts->instance_type : NULL, out);
	html_fact("kernel", r->host ? r->host->release : NULL, out);
	html_fact_time("diagnosed", r->now_s, out);
	html_facts_end(out);
}

void report_diagnosis_html(const struct diagnosis_report *r, FILE *out)
{
	const char *node = r->facts && r->facts->hostname && *r->facts->hostname
	                           ? r->facts->hostname
	                           : "diagnosis";
	_free_ char *counts = diagnosis_counts(r->d);
	_free_ char *title = mem_format("%s: %s", node, counts);
	struct html_table t;

	html_begin(title, out);
	html_facts(r, out);
	if (r->incomplete)
		html_note(r->incomplete, out);
	verdict_notes(&r->d->verdict, out);
	html_table_begin(&t, "What was found, the most serious first", titles, out);
	for (size_t i = 0; i < r->d->n; i++)
		finding_row(&t, &r->d->findings[i]);
	for (size_t i = 0; i < r->d->n_unchecked; i++)
		unchecked_row(&t, &r->d->unchecked[i]);
	html_table_end(&t);
	html_end(out);
}
