/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/title.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "host/facts.h"
#include "host/host.h"
#include "report/audit/audit.h"
#include "report/audit/rows.h"

/* The resources of the plan with this reason. */
static size_t count_reason(const struct plan *p, enum reason reason)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->resources[i]->run.change.reason == reason;
	return n;
}

static bool has_failed(const struct rows *rows)
{
	return rows->counts[ROWS_REFUSED] || rows->counts[ROWS_FAILED];
}

/* What became of an apply. */
static const char *verdict(const struct report *r, const struct rows *rows)
{
	if (!r->applied)
		return "";
	if (!has_failed(rows))
		return "applied: ";
	return r->plan->continue_on_failure || r->persist->began ? "applied in part: "
	                                                         : "not applied: ";
}

/* "10 of 12 differ", ", 4 not applicable"; nothing for 0. */
static void add_count(struct buf *b, size_t n, size_t of, const char *word)
{
	if (n == 0)
		return;
	if (b->len > 0)
		buf_addf(b, ", %zu %s", n, word);
	else if (of > 0)
		buf_addf(b, "%zu of %zu %s", n, of, word);
	else
		buf_addf(b, "%zu %s", n, word);
}

char *report_counts(const struct report *r, const struct rows *rows)
{
	size_t reverted = count_reason(r->plan, REASON_REVERTED);
	size_t not_attempted = count_reason(r->plan, REASON_NOT_ATTEMPTED);
	size_t differ = rows->counts[ROWS_DIFFER] - reverted - not_attempted;
	size_t unselected = count_reason(r->plan, REASON_NOT_SELECTED);
	size_t all = rows->applicable;
	_buf_ struct buf b = {0};

	add_count(&b, rows->counts[ROWS_REFUSED], all, "refused");
	add_count(&b, rows->counts[ROWS_FAILED], all, "failed");
	add_count(&b, differ, all, differ == 1 ? "differs" : "differ");
	add_count(&b, rows->counts[ROWS_PENDING], all, "pending");
	add_count(&b, reverted, all, "rolled back");
	add_count(&b, not_attempted, all, "not attempted");
	if (!r->quiet)
		add_count(&b, rows->counts[ROWS_WAIVED], all, "waived");
	if (!r->quiet)
		add_count(&b, rows->counts[ROWS_CHANGED], all, "changed");
	if (!r->quiet && b.len == 0 && all > 0)
		buf_addf(&b, all > 1 ? "all %zu in sync" : "%zu in sync", all);
	else if (!r->quiet && r->applied)
		add_count(&b, rows->counts[ROWS_OK], 0, "in sync");
	add_count(&b, rows->counts[ROWS_WARN], all, "with a warning");
	if (!r->quiet)
		add_count(&b, rows->counts[ROWS_SKIPPED] - unselected, 0,
		          "not applicable");
	if (!r->quiet)
		add_count(&b, unselected, 0, "not selected");
	return buf_take(&b);
}

/* What distinguishes this node from others. */
static const char *node_of(const struct report *r)
{
	if (r->facts->instance_type && *r->facts->instance_type)
		return r->facts->instance_type;
	if (r->facts->hostname && *r->facts->hostname)
		return r->facts->hostname;
	return *r->host->root ? r->host->root : "this host";
}

char *report_title(const struct report *r, const struct rows *rows)
{
	_free_ char *counts = report_counts(r, rows);
	bool kernel = r->host->release && *r->host->release;
	_free_ char *text = NULL;

	if (!*counts && r->quiet)
		return NULL;
	text = mem_format("%s on %s%s%s: %s%s", r->name, node_of(r),
	                  kernel ? ", Linux " : "", kernel ? r->host->release : "",
	                  verdict(r, rows),
	                  *counts ? counts : "no resources in the profile");
	return display_text(text);
}
