/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/baseline/baseline.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "baseline/cause.h"
#include "baseline/compare.h"
#include "doc/node.h"

static void baseline_line(const struct baseline_report *r, size_t indent,
                          const char *label, const char *text, struct buf *out)
{
	_free_ char *printed = display_text(text);

	buf_addf(out, "%*s%s", (int)indent, "", label);
	display_wrap(out, printed, indent + display_width(label),
	             indent + display_width(label), r->width);
	buf_add(out, "\n");
}

static const char *baseline_member(const struct node *document, const char *part,
                                   const char *key)
{
	const struct node *n = node_get(part ? node_get(document, part) : document, key);

	return n && n->type == NODE_SCALAR ? n->text : NULL;
}

/* "before.json (2026-11-29T10:00:00Z, node1)" */
static char *baseline_side(const char *file, const struct node *document)
{
	const char *saved = baseline_member(document, NULL, "saved");
	const char *name = baseline_member(document, "host", "name");

	return mem_format("%s (%s%s%s)", file, saved ? saved : "at an unknown time",
	                  name ? ", " : "", name ? name : "");
}

static void baseline_title(const struct baseline_report *r, struct buf *out)
{
	const struct baseline_comparison *c = r->c;
	_free_ char *was = baseline_side(r->file, r->was);
	_free_ char *now = r->other ? baseline_side(r->other, r->now) : NULL;
	_free_ char *text = NULL;

	if (c->n_counted == 0)
		text = mem_format("no change since %s%s%s%s", was, now ? ", in " : "",
		                  now ? now : "",
		                  c->rebooted > 0 ? "; rebooted since" : "");
	else
		text = mem_format("%zu %s since %s%s%s%s", c->n_counted,
		                  c->n_counted == 1 ? "change" : "changes", was,
		                  now ? ", in " : "", now ? now : "",
		                  c->rebooted > 0 ? "; rebooted since" : "");
	baseline_line(r, 0, "", text, out);
}

static void baseline_change(const struct baseline_report *r,
                            const struct baseline_change *c, struct buf *out)
{
	_free_ char *title = mem_format("%s%s%s", c->subject, c->what ? ": " : "",
	                                c->what ? c->what : "");
	_free_ char *values = mem_format("%s -> %s", c->was && *c->was ? c->was : "none",
	                                 c->now && *c->now ? c->now : "none");

	buf_add(out, "\n");
	baseline_line(r, 0, "", title, out);
	baseline_line(r, 2, "", values, out);
	if (c->type == CHANGE_BETTER)
		return;
	baseline_line(r, 2, "why: ", c->cause->causes, out);
	if (c->remedy)
		baseline_line(r, 2, "fix: ", c->remedy, out);
	if (r->verbose && c->cause->source)
		baseline_line(r, 2, "source: ", c->cause->source, out);
}

static void baseline_changes(const struct baseline_report *r, struct buf *out)
{
	bool better = false;

	if (r->c->n_counted > 1)
		buf_add(out, "The most likely cause of slow copies comes first.\n");
	for (size_t i = 0; i < r->c->n; i++) {
		if (r->c->changes[i].type == CHANGE_BETTER && !better)
			buf_add(out, "\nBetter than it was:\n");
		better |= r->c->changes[i].type == CHANGE_BETTER;
		baseline_change(r, &r->c->changes[i], out);
	}
}

static void baseline_notes(const struct baseline_report *r, struct buf *out)
{
	if (r->c->n_notes == 0)
		return;
	buf_add(out, "\nNotes:\n");
	for (size_t i = 0; i < r->c->n_notes; i++) {
		const struct baseline_note *note = &r->c->notes[i];
		_free_ char *text = mem_format("%s: %s", note->what, note->why);

		baseline_line(r, 2, "", text, out);
	}
}

void report_baseline_text(const struct baseline_report *r, FILE *out)
{
	_buf_ struct buf text = {0};

	baseline_title(r, &text);
	if (!r->quiet) {
		baseline_changes(r, &text);
		baseline_notes(r, &text);
	}
	(void)fputs(text.text, out);
}
