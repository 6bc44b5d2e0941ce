/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The results of one node as an HTML page. */
#include "report/html.h"
#include "base/mem.h"
#include "doc/node.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "host/facts.h"
#include "host/host.h"
#include "profile/waive.h"
#include "report/audit/audit.h"
#include "report/audit/rows.h"
#include "report/audit/title.h"

#include <string.h>

static const char *const titles[] = {"State",       "What",  "Live", "Wanted",
                                     "Why and fix", "Place", NULL};

static enum html_tone tone_of(enum row_group g)
{
	switch (g) {
	case ROWS_REFUSED:
	case ROWS_FAILED: return HTML_BAD;
	case ROWS_DIFFER:
	case ROWS_PENDING:
	case ROWS_WARN: return HTML_WARN;
	case ROWS_CHANGED: return HTML_INFO;
	case ROWS_OK: return HTML_GOOD;
	case ROWS_WAIVED:
	case ROWS_SKIPPED:
	case ROW_GROUPS: break;
	}
	return HTML_PLAIN;
}

/* A single part stands with the name of the resource, several with their values. */
static void html_what(struct html_table *t, const struct row *row)
{
	const char *part = row->parts.n == 1 ? row->parts.list[0].part : NULL;
	_free_ char *text = mem_format("%s%s", row->what, part ? part : "");

	html_cell(t, text);
}

static void html_values(struct html_table *t, const struct row *row, bool wanted)
{
	html_cell_begin(t, "value");
	for (size_t i = 0; i < row->parts.n; i++) {
		const struct difference *d = &row->parts.list[i];
		const char *part = row->parts.n > 1 && d->part ? d->part : "";
		const char *value = wanted ? d->wanted : d->live;
		_free_ char *text = mem_format("%s%s%s", part + strspn(part, " "),
		                               *part ? " " : "", value ? value : "");

		if (*text)
			html_line(t, NULL, text);
	}
	html_cell_end(t);
}

/* " with mount data, bind data": they only wait for this one. */
static void html_with(struct html_table *t, const struct row *row)
{
	_free_ char *text = NULL;

	for (size_t i = 0; i < row->n_with; i++) {
		_free_ char *name = rows_name(row->with[i]);

		mem_set(&text, mem_format("%s%s", text ? text : "with it: ", name));
		if (i + 1 < row->n_with)
			mem_set(&text, mem_format("%s, ", text));
	}
	if (text)
		html_line(t, "dim", text);
}

static void html_why(struct html_table *t, const struct row *row)
{
	const struct change *c = &row->r->run.change;
	const struct node *seen = node_get(row->r->seen.details, "text");

	html_cell_begin(t, NULL);
	/* the columns say it */
	if (c->message && !(row->parts.n > 0 && c->reason == REASON_LIVE_DIFFERS))
		html_line(t, NULL, c->message);
	if (row->group == ROWS_WAIVED) {
		const struct waiver *w = row->r->run.waived;
		_free_ char *text =
			mem_format("waived until %s: %s", w->until, w->reason);

		html_line(t, NULL, text);
	} else if (c->remedy) {
		_free_ char *fix = mem_format("fix: %s", c->remedy);

		html_line(t, "code", fix);
	}
	html_with(t, row);
	if (seen)
		html_line(t, "dim", seen->text);
	if (c->reason != REASON_NONE)
		html_line(t, "dim", reason_word(c->reason));
	html_cell_end(t);
}

static void html_place(struct html_table *t, struct place at)
{
	_free_ char *text = mem_format("%s:%u:%u", at.file, at.line, at.col);

	html_cell_begin(t, "place");
	html_line(t, NULL, text);
	html_cell_end(t);
}

static void html_facts(const struct report *r, FILE *out)
{
	html_facts_begin(out);
	html_fact("profile", r->name, out);
	html_fact("node", r->facts->hostname, out);
	html_fact("instance", r->facts->instance_type, out);
	html_fact("kernel", r->host->release, out);
	html_fact_time(r->applied ? "applied" : "audited", r->now_s, out);
	html_facts_end(out);
}

void report_html(const struct report *r, FILE *out)
{
	struct report all = *r;
	_rows_ struct rows rows = {0};
	_free_ char *title = NULL;
	struct html_table t;

	all.quiet = false;
	rows_make(r->plan, NULL, NULL, &rows);
	title = report_title(&all, &rows);
	html_begin(title, out);
	html_facts(r, out);
	if (r->persist->message)
		html_note(r->persist->message, out);
	html_table_begin(&t, "What the profile manages, the most serious first", titles,
	                 out);
	for (size_t i = 0; i < rows.n; i++) {
		const struct row *row = &rows.list[i];

		html_row_begin(&t, tone_of(row->group), rows_heading(row->group),
		               row->group);
		html_what(&t, row);
		html_values(&t, row, false);
		html_values(&t, row, true);
		html_why(&t, row);
		html_place(&t, row->r->spec.at);
		html_row_end(&t);
	}
	html_table_end(&t);
	html_end(out);
}
