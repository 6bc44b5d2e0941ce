/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/next.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "engine/persist/files.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "host/host.h"
#include "host/recorded.h"
#include "report/audit/audit.h"
#include "report/audit/rows.h"

/* "Fix now:   " is as wide as all others. */
#define LABEL 11
#define GAP   5 /* before what follows a command */

static bool has_failed(const struct rows *rows)
{
	return rows->counts[ROWS_REFUSED] || rows->counts[ROWS_FAILED];
}

/* Whether apply would change something that settings could persist. */
static bool any_lost(const struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct resource *r = rows->list[i].r;

		if (rows->list[i].group == ROWS_DIFFER && r->kind->persist &&
		    !r->spec.no_persist && r->kind->shape != SECTION_TREE)
			return true;
	}
	return false;
}

/* Why the next boot loses what apply would do; NULL: it does not, or nobody knows. */
static const char *why_lost(const struct report *r)
{
	const struct persisting *files = r->persist->files;

	/* a captured root is not the node that apply runs on */
	if (files && (!files->locked || files->recorded))
		return NULL;
	switch (r->persist->state) {
	case PERSIST_ABSENT: return "this host has no Bottlerocket API";
	case PERSIST_LOCKED: return "the host is locked down";
	case PERSIST_UNREACHABLE: return "the Bottlerocket API does not answer";
	case PERSIST_UNUSED: return recorded_or_live(r->host) ? r->host->no_api : NULL;
	case PERSIST_OK:
	case PERSIST_REFUSED: break;
	}
	return NULL;
}

/* "(this host has no Bottlerocket API: lost at reboot)"; "" for nothing to say. */
static char *limits_text(const struct report *r, const struct rows *rows)
{
	const char *lost = any_lost(rows) ? why_lost(r) : NULL;
	_buf_ struct buf b = {0};

	if (lost)
		buf_addf(&b, "%s: lost at reboot", lost);
	if (has_failed(rows))
		buf_join(&b, "; ", "skips what is refused or failed");
	return b.len ? mem_format("(%s)", b.text) : mem_dup("");
}

static bool is_held(const struct report *r, const struct rows *rows)
{
	return has_failed(rows) && !r->plan->continue_on_failure;
}

bool report_limits_are_said(const struct report *r, const struct rows *rows)
{
	return !r->applied && !r->quiet && !is_held(r, rows) && any_lost(rows) &&
	       why_lost(r);
}

/*
 * Add a command that can be pasted: it is broken only between its words, and the shell
 * joins the lines. Return: the column where it ends.
 */
static size_t add_command(const struct report *r, const char *label, const char *command,
                          struct buf *out)
{
	_free_ char *printed = display_text(command);
	size_t at = LABEL + display_width(printed);

	display_pad(out, label, LABEL);
	buf_add(out, printed);
	for (const char *const *word = r->repeated; *word; word++) {
		_free_ char *text = display_text(*word);
		size_t wide = display_width(text), end = word[1] ? 2 : 0; /* " \\" */

		if (at + 1 + wide + end > r->width) {
			buf_addf(out, " \\\n%*s", LABEL, "");
			at = LABEL;
		} else {
			buf_add(out, " ");
			at++;
		}
		buf_add(out, text);
		at += wide;
	}
	return at;
}

static void add_fix(const struct report *r, const struct rows *rows, struct buf *out)
{
	_free_ char *limits = limits_text(r, rows), *command = NULL;
	size_t at;

	if (is_held(r, rows)) {
		display_pad(out, "Fix first:", LABEL);
		display_wrap(
			out,
			"what is refused or failed; until then apply changes nothing",
			LABEL, LABEL, r->width);
		buf_add(out, "\n");
		return;
	}
	command = r->bundle ? mem_dup("on the node: hosttune apply")
	                    : mem_format("%s apply", r->program);
	at = add_command(r, "Fix now:", command, out) + GAP;
	if (*limits && at + display_width(limits) <= r->width) {
		buf_addf(out, "%*s%s", GAP, "", limits);
	} else if (*limits) {
		buf_addf(out, "\n%*s", LABEL, "");
		display_wrap(out, limits, LABEL, LABEL, r->width);
	}
	buf_add(out, "\n");
}

void report_next(const struct report *r, const struct rows *rows, struct buf *out)
{
	bool differs = rows->counts[ROWS_DIFFER] || has_failed(rows);
	_free_ char *details = NULL;

	if (!r->applied && differs)
		add_fix(r, rows, out);
	if (r->verbose ||
	    !(differs || rows->counts[ROWS_PENDING] || rows->counts[ROWS_WARN] ||
	      (!r->applied && (rows->counts[ROWS_SKIPPED] || rows->counts[ROWS_WAIVED]))))
		return;
	details = mem_format("%s audit -v%s%s", r->program, r->bundle ? " --bundle " : "",
	                     r->bundle ? r->bundle : "");
	(void)add_command(r, "Details:", details, out);
	buf_add(out, "\n");
}
