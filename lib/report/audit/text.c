/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "doc/json.h"
#include "doc/node.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "profile/profile.h"
#include "report/audit/audit.h"
#include "report/audit/columns.h"
#include "report/audit/next.h"
#include "report/audit/style.h"
#include "report/audit/title.h"

#include <string.h>

/* --- what is printed -----------------------------------------------------------------
 */

/* The title counts what apply did; only what needs the user has rows. */
static bool needs_attention(const struct row *row)
{
	enum reason reason = row->r->run.change.reason;

	switch (row->group) {
	case ROWS_REFUSED:
	case ROWS_FAILED:
	case ROWS_PENDING:
	case ROWS_WARN: return true;
	case ROWS_DIFFER:
		return reason != REASON_REVERTED && reason != REASON_NOT_ATTEMPTED;
	case ROWS_CHANGED: return reason == REASON_NOT_ROLLED_BACK;
	case ROWS_WAIVED: return false;
	case ROWS_SKIPPED: return row_is_warning(row);
	case ROWS_OK:
	case ROW_GROUPS: break;
	}
	return false;
}

static bool shows(const void *arg, const struct row *row)
{
	const struct report *r = arg;

	if (r->verbose)
		return true;
	if (r->quiet || row->r->run.aside)
		return false;
	return r->applied ? needs_attention(row) : row->group != ROWS_OK;
}

/* --- the log -------------------------------------------------------------------------
 */

static void log_error(const struct resource *res, FILE *log)
{
	const struct change *c = &res->run.change;
	_free_ char *text = mem_format(
		"%s:%u:%u: %s %s: %s%s%s%s", res->spec.at.file, res->spec.at.line,
		res->spec.at.col, res->kind->name, res->name, c->message,
		c->remedy ? " (" : "", c->remedy ? c->remedy : "", c->remedy ? ")" : "");
	_free_ char *printed = display_text(text);

	(void)fprintf(log, "%s\n", printed);
}

static void log_errors(const struct report *r, FILE *log)
{
	for (size_t i = 0; i < r->plan->n; i++)
		if (plan_has_failed(r->plan->resources[i]))
			log_error(r->plan->resources[i], log);
}

/* The answer of the API is not checked further: quote what is not a plain name. */
static void add_service(struct buf *text, const struct node *name)
{
	_free_ char *quoted = NULL;

	if (name->type == NODE_LIST)
		return;
	quoted = node_json_line(name);
	buf_join(
		text, ", ",
		name->type == NODE_SCALAR &&
				strlen(name->text) ==
					strspn(name->text,
	                                       "abcdefghijklmnopqrstuvwxyz0123456789.@_-")
			? name->text
			: quoted);
}

/* "Affects:   settings.kernel.sysctl: storing it makes the host render and restart
 * sysctl"
 */
static void services(const struct node *all, size_t width, struct buf *out)
{
	node_for_each (names, all) {
		_buf_ struct buf text = {0};
		_free_ char *line = NULL, *printed = NULL;

		add_service(&text, names);
		node_for_each (name, names)
			add_service(&text, name);
		line = mem_format("%s: %s%s", names->key,
		                  text.len ? "storing it makes the host render and "
		                             "restart "
		                           : "storing it restarts no service",
		                  text.len ? text.text : "");
		printed = display_text(line);
		buf_add(out, "Affects:   ");
		display_wrap(out, printed, 11, 11, width);
		buf_add(out, "\n");
	}
}

/*
 * The API's message, and what it means for this run. With -q, or if the report said it
 * already, only if it is a failure.
 */
static void report_text_api(const struct report *r, bool said, FILE *log)
{
	const struct persist *s = r->persist;
	bool lost = s->state == PERSIST_ABSENT || s->state == PERSIST_LOCKED;
	_free_ char *message = display_text(s->message);

	if (message && !((r->quiet || said) && lost && !s->needed))
		(void)fprintf(log, "hosttune: %s%s%s\n", message,
		              lost ? ": nothing is persisted across reboots" : "",
		              lost && s->needed
		                      ? ", which the profile requires (persist: "
		                        "true, or a setting)"
		                      : "");
}

/* --- the whole -----------------------------------------------------------------------
 */

static void add_title(const struct columns *c, const char *title, struct buf *out)
{
	report_style(c->color, STYLE_BOLD, ROWS_OK, out);
	display_wrap(out, title, 0, 2, c->width);
	report_style_end(c->color, out);
	buf_add(out, "\n");
}

void report_text(const struct report *r, FILE *out, FILE *log)
{
	struct columns c = {.width = r->width,
	                    .color = r->color,
	                    .verbose = r->verbose,
	                    .one_file = r->profile->n_sources == 1,
	                    .shows = shows,
	                    .arg = r};
	_rows_ struct rows rows;
	_buf_ struct buf groups = {0}, next = {0}, text = {0};
	_free_ char *title = NULL;

	rows_make(r->plan, shows, r, &rows);
	title = report_title(r, &rows);
	columns_fit(&c, &rows);
	for (enum row_group g = 0; g < ROW_GROUPS; g++)
		columns_add_group(&c, &rows, g, &groups);
	if (r->persist->services && !r->quiet)
		services(r->persist->services, r->width, &next);
	if (!r->quiet)
		report_next(r, &rows, &next);
	if (title)
		add_title(&c, title, &text);
	if (groups.len > 0)
		buf_addf(&text, "\n%s", groups.text);
	if (next.len > 0)
		buf_addf(&text, "\n%s", next.text);
	if (r->quiet)
		log_errors(r, log);
	report_text_api(r, report_limits_are_said(r, &rows), log);
	(void)fputs(text.text ? text.text : "", out);
}
