/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/row_details.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "doc/node.h"
#include "profile/waive.h"
#include "resource/kind.h"
#include "storage/block/disk_reason.h"

#include <string.h>

#define INDENT 6

/* Only the user can fix it, so the way is shown at once. */
static bool needs_user(const struct row *row)
{
	return row->group == ROWS_REFUSED || row->group == ROWS_FAILED ||
	       row->group == ROWS_PENDING || row->group == ROWS_WARN;
}

static const char *message_of(const struct resource *r)
{
	return r->run.change.message ? r->run.change.message
	       : r->seen.now         ? r->seen.now
	                             : "in sync";
}

char *row_message(const struct row *row, bool verbose)
{
	const struct resource *r = row->r;
	struct place at = r->spec.at;
	_free_ char *place = mem_format("%s:%u:%u", at.file, at.line, at.col);
	_free_ char *text = NULL;
	const char *reason = reason_word(r->run.change.reason);

	if (verbose)
		text = mem_format("%s (%s%s%s)", message_of(r), reason,
		                  *reason ? ", " : "", place);
	else if (needs_user(row))
		text = mem_format("%s (%s)", message_of(r), place);
	return display_text(text ? text : message_of(r));
}

/* One line below the row, wrapped: "fix: " and a command. */
static void add_line(const char *lead, const char *text, size_t width, struct buf *out)
{
	_free_ char *printed = display_text(text);
	size_t at = INDENT + strlen(lead);

	buf_addf(out, "%*s%s", INDENT, "", lead);
	display_wrap(out, printed, at, at, width);
	buf_add(out, "\n");
}

/*
 * "not selected: nvme0n1 vol0123: holds ... (DiskRoot)". Drives with another serial are
 * not listed: probably another item selects them.
 */
static void add_disks(const struct resource *r, size_t width, struct buf *out)
{
	if (!r->seen.disks)
		return;
	node_for_each (disk, r->seen.disks) {
		const char *reason = node_get(disk, "reason")->text;
		_free_ char *text =
			mem_format("%s %s: %s (%s)", node_get(disk, "device")->text,
		                   node_get(disk, "serial")->text,
		                   node_get(disk, "message")->text, reason);

		if (strcmp(reason, disk_reason_word(DISK_OTHER_SERIAL)) != 0)
			add_line("not selected: ", text, width, out);
	}
}

/*
 * The resources in the row of their cause: in one line, or with `verbose` in one each.
 * Read-only checks have no part in what happens.
 */
static void add_dependents(const struct row *row, bool verbose, size_t width,
                           struct buf *out)
{
	const char *lead = row->group == ROWS_DIFFER ? "then: " : "depends on it: ";
	_buf_ struct buf names = {0};

	for (size_t i = 0; i < row->n_with; i++) {
		const struct resource *r = row->with[i];
		_free_ char *name = rows_name(r);
		_free_ char *text = mem_format("%s: %s", name, message_of(r));

		if (verbose)
			add_line(lead, text, width, out);
		else if (!(r->kind->flags & KIND_READ_ONLY))
			buf_join(&names, ", ", name);
	}
	if (names.len > 0)
		add_line(lead, names.text, width, out);
}

static void add_waiver(const struct waiver *w, size_t width, struct buf *out)
{
	_free_ char *lead = mem_format("until %s: ", w->until);

	add_line(lead, w->reason, width, out);
}

static void add_required_by(const struct resource *r, size_t width, struct buf *out)
{
	_free_ char *name = rows_name(r);

	add_line("required by ", name, width, out);
}

static bool same_remedy(const struct row *row, const struct row *next)
{
	const char *remedy = row->r->run.change.remedy;

	return next && remedy && next->r->run.change.remedy && row->n_with == 0 &&
	       strcmp(remedy, next->r->run.change.remedy) == 0;
}

/* Whether the message says more than the columns of the row. */
static bool adds_message(const struct row *row, const struct row_view *v)
{
	if (row->r->run.change.reason == REASON_NOT_ROLLED_BACK)
		return true;
	if (!v->verbose || row->parts.n == 0)
		return false;
	if (row->group == ROWS_OK)
		return row->r->run.change.message;
	return row->group != ROWS_CHANGED || v->cut ||
	       row->r->run.change.reason != REASON_APPLIED;
}

static void add_placed_message(const struct resource *r, size_t width, struct buf *out)
{
	struct place at = r->spec.at;
	_free_ char *text = mem_format("%s:%u:%u: %s (%s)", at.file, at.line, at.col,
	                               message_of(r), reason_word(r->run.change.reason));

	add_line("", text, width, out);
}

void row_add_details(const struct row *row, const struct row_view *v, struct buf *out)
{
	const struct change *c = &row->r->run.change;
	const struct node *evidence = node_get(row->r->seen.details, "text");

	if (adds_message(row, v))
		add_placed_message(row->r, v->width, out);
	if (row->r->run.required_by)
		add_required_by(row->r->run.required_by, v->width, out);
	if (row->group == ROWS_WAIVED)
		add_waiver(row->r->run.waived, v->width, out);
	else if (c->remedy &&
	         (v->verbose || (needs_user(row) && !same_remedy(row, v->next))))
		add_line("fix: ", c->remedy, v->width, out);
	if (v->verbose || row->group != ROWS_SKIPPED)
		add_dependents(row, v->verbose, v->width, out);
	if (v->verbose)
		add_disks(row->r, v->width, out);
	if (v->verbose && evidence)
		add_line("details: ", evidence->text, v->width, out);
}
