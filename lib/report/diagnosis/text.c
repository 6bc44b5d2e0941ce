/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "diagnose/rules/finding.h"
#include "host/facts.h"
#include "host/host.h"
#include "report/diagnosis/counts.h"
#include "report/diagnosis/diagnosis.h"

#include <string.h>

/* What is printed without -v: lines of evidence of a finding, findings of a rule. */
#define EVIDENCE_SHOWN 3
#define ALIKE_SHOWN    3

static void add_line(const struct diagnosis_report *r, size_t indent, const char *label,
                     const char *text, struct buf *out)
{
	_free_ char *printed = display_text(text);

	buf_addf(out, "%*s%s", (int)indent, "", label);
	display_wrap(out, printed, indent + display_width(label),
	             indent + display_width(label), r->width);
	buf_add(out, "\n");
}

static void add_evidence(const struct diagnosis_report *r, const struct evidences *e,
                         size_t indent, struct buf *out)
{
	size_t shown = r->verbose || e->n <= EVIDENCE_SHOWN ? e->n : EVIDENCE_SHOWN;

	for (size_t i = 0; i < shown; i++) {
		_free_ char *text =
			e->list[i].where
				? mem_format("%s (%s)", e->list[i].text, e->list[i].where)
				: mem_dup(e->list[i].text);

		add_line(r, indent, "- ", text, out);
	}
	if (shown < e->n)
		buf_addf(out, "%*s- and %zu more (-v prints them)\n", (int)indent, "",
		         e->n - shown);
}

static void add_finding(const struct diagnosis_report *r, const struct finding *f,
                        struct buf *out)
{
	_free_ char *title =
		mem_format("%s%s%s", f->subject, *f->subject ? ": " : "", f->text);

	add_line(r, 2, "", title, out);
	add_evidence(r, &f->evidence, 4, out);
	if (f->why && r->verbose)
		add_line(r, 4, "why: ", f->why, out);
	if (f->remedy)
		add_line(r, 4, "fix: ", f->remedy, out);
	if (r->verbose)
		add_line(r, 4, "source: ", f->source ? f->source : "none", out);
}

/* How many findings of one rule, from `i` on, stand one after the other. */
static size_t n_alike(const struct diagnosis *d, size_t i)
{
	size_t n = 1;

	while (i + n < d->n &&
	       strcmp(d->findings[i].reason, d->findings[i + n].reason) == 0)
		n++;
	return n;
}

static void add_findings(const struct diagnosis_report *r, struct buf *out)
{
	const struct diagnosis *d = r->d;
	size_t n;

	for (size_t i = 0; i < d->n; i += n) {
		size_t shown;

		n = n_alike(d, i);
		shown = r->verbose || n <= ALIKE_SHOWN ? n : ALIKE_SHOWN;
		if (i == 0 || d->findings[i].severity != d->findings[i - 1].severity)
			buf_addf(out, "\n%s\n",
			         finding_severity_words[d->findings[i].severity]);
		for (size_t j = 0; j < shown; j++)
			add_finding(r, &d->findings[i + j], out);
		if (shown < n)
			buf_addf(out, "  and %zu more like these (-v prints them)\n",
			         n - shown);
	}
}

static void add_verdict(const struct diagnosis_report *r, struct buf *out)
{
	const struct verdict *v = &r->d->verdict;
	_free_ char *text = NULL;

	if (!v->reason)
		return;
	text = mem_format("%s (%s, %s)", v->text, v->reason,
	                  confidence_words[v->confidence]);
	buf_add(out, "\n");
	add_line(r, 0, "Verdict: ", text, out);
	add_evidence(r, &v->evidence, 2, out);
	for (size_t i = 0; i < v->n_next; i++)
		add_line(r, 0, "Next:    ", v->next[i], out);
}

/* A part of the node, such as the kernel log; no rule has a blank in its name. */
static bool is_part(const struct unchecked *u)
{
	return strchr(u->what, ' ');
}

static void add_unchecked(const struct diagnosis_report *r, struct buf *out)
{
	const struct diagnosis *d = r->d;

	if (d->n_unchecked == 0)
		return;
	buf_addf(out, "\nnot checked: %zu%s\n", d->n_unchecked,
	         r->verbose ? "" : " (-v prints all)");
	for (size_t i = 0; i < d->n_unchecked; i++) {
		_free_ char *text =
			mem_format("%s: %s", d->unchecked[i].what, d->unchecked[i].why);

		if (r->verbose || is_part(&d->unchecked[i]))
			add_line(r, 2, "", text, out);
	}
}

/* "CPU 3" or "CPUs 0-3" of each queue. */
static void add_served(const struct diagnosis_report *r, struct buf *out)
{
	const struct served_list *l = &r->d->served;

	if (!r->verbose || l->n == 0)
		return;
	buf_add(out, "\ninterrupts\n");
	for (size_t i = 0; i < l->n; i++) {
		const struct host_interrupts *in = &l->list[i].interrupts;
		_buf_ struct buf text = {0};

		buf_addf(&text, "%s: ", l->list[i].device);
		for (size_t j = 0; j < in->n; j++) {
			_free_ char *cpus = cpuset_list(&in->list[j].cpus);

			buf_addf(&text, "%s%s (%u) CPU%s %s", j ? ", " : "",
			         in->list[j].action, in->list[j].number,
			         cpuset_count(&in->list[j].cpus) == 1 ? "" : "s", cpus);
		}
		add_line(r, 2, "", text.text, out);
	}
}

static void add_title(const struct diagnosis_report *r, struct buf *out)
{
	_free_ char *counts = diagnosis_counts(r->d);
	_buf_ struct buf title = {0};

	if (r->facts && r->facts->hostname)
		buf_addf(&title, "%s, ", r->facts->hostname);
	if (r->host && *r->host->release)
		buf_addf(&title, "Linux %s", r->host->release);
	else
		buf_add(&title, "kernel log");
	buf_addf(&title, ": %s", counts);
	add_line(r, 0, "", title.text, out);
}

void report_diagnosis_text(const struct diagnosis_report *r, FILE *out)
{
	_buf_ struct buf text = {0};

	add_title(r, &text);
	if (!r->quiet) {
		add_verdict(r, &text);
		add_findings(r, &text);
		add_unchecked(r, &text);
		add_served(r, &text);
	}
	(void)fputs(text.text, out);
}
