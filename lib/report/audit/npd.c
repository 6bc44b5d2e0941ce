/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The answer of a custom plugin of node-problem-detector: one line for the message of a
 * node condition or event, which it cuts at 80 bytes, and 0, 1 or 2.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "engine/aside.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "report/audit/audit.h"
#include "report/audit/rows.h"
#include "report/audit/title.h"
#include "report/npd_line.h"

#include <string.h>

#define VALUE_COLUMNS 24 /* of a value: two must fit beside a name */

/* Whether it is certain that the node is not as the profile says. */
static bool is_problem(const struct report *r, const struct change *c)
{
	switch (c->state) {
	case STATE_OK:
	case STATE_CHANGED:
	case STATE_SKIPPED: return false;
	case STATE_PENDING: return !r->applied || !plan_waits_for_user(c);
	case STATE_DRIFT:
	case STATE_REFUSED: return true;
	case STATE_FAILED: break;
	}
	return c->reason != REASON_NOT_READABLE && c->reason != REASON_API_UNREACHABLE &&
	       c->reason != REASON_API_LOCKED && c->reason != REASON_DEADLINE &&
	       c->reason != REASON_INTERRUPTED;
}

static bool is_unknown(const struct report *r)
{
	return r->plan->expired || r->plan->counts[STATE_FAILED] ||
	       persist_failed(r->persist);
}

enum npd_status report_npd_status(const struct report *r)
{
	for (size_t i = 0; i < r->plan->n; i++)
		if (!aside_is_waived(r->plan->resources[i]) &&
		    is_problem(r, &r->plan->resources[i]->run.change))
			return NPD_PROBLEM;
	return is_unknown(r) ? NPD_UNKNOWN : NPD_OK;
}

/* --- the line ------------------------------------------------------------------------
 */

static char *npd_value(const char *value)
{
	_free_ char *text = display_text(value);

	return display_shorten(text, VALUE_COLUMNS);
}

static bool npd_shows(const void *arg, const struct row *row)
{
	(void)arg;
	return row->group < ROWS_WARN;
}

/* "vm.swappiness is 60, should be 10" or "module nfsd: not loaded" */
static char *npd_item(const struct row *row)
{
	_buf_ struct buf b = {0};
	_free_ char *what = display_text(row->what);

	for (size_t i = 0; i < row->parts.n; i++) {
		const struct difference *d = &row->parts.list[i];
		_free_ char *live = npd_value(d->live), *wanted = npd_value(d->wanted);
		_free_ char *text = mem_format("%s%s is %s, should be %s", what,
		                               d->part ? d->part : "", live, wanted);

		buf_join(&b, "; ", text);
	}
	if (row->parts.n == 0)
		buf_addf(&b, "%s: %s", what, row->r->run.change.message);
	return display_text(b.text);
}

/* Whole items only, but for the first. */
static void add_items(struct buf *b, const struct rows *rows)
{
	bool first = true;

	for (size_t i = 0; i < rows->n; i++) {
		_free_ char *item = NULL;

		if (!npd_shows(NULL, &rows->list[i]))
			continue;
		item = npd_item(&rows->list[i]);
		if (!first && b->len + strlen("; ") + strlen(item) > NPD_LINE_MAX)
			break;
		buf_add(b, first ? ": " : "; ");
		npd_add_cut(b, item);
		first = false;
	}
}

void report_npd(const struct report *r, FILE *out)
{
	struct report counted = *r;
	enum npd_status status = report_npd_status(r);
	_rows_ struct rows rows = {0};
	_free_ char *counts = NULL;
	_buf_ struct buf b = {0};

	rows_make(r->plan, npd_shows, NULL, &rows);
	counted.quiet = status != NPD_OK; /* only what is not in sync */
	counts = report_counts(&counted, &rows);
	if (*counts) {
		npd_add_cut(&b, counts);
		add_items(&b, &rows);
	} else {
		npd_print_unknown(r->persist->message ? r->persist->message : "no result",
		                  out);
		return;
	}
	(void)fprintf(out, "%s\n", b.text);
}
