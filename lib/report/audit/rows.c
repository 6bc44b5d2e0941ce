/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/rows.h"

#include "base/mem.h"
#include "engine/aside.h"
#include "engine/plan.h"

#include <stdlib.h>
#include <string.h>

const char *rows_heading(enum row_group g)
{
	static const char *const headings[] = {
		[ROWS_REFUSED] = "refused", [ROWS_FAILED] = "failed",
		[ROWS_DIFFER] = "differs",  [ROWS_PENDING] = "pending",
		[ROWS_WARN] = "warning",    [ROWS_CHANGED] = "changed",
		[ROWS_OK] = "in sync",      [ROWS_SKIPPED] = "not applicable",
		[ROWS_WAIVED] = "waived",
	};

	return headings[g];
}

/* --- the cause of a row --------------------------------------------------------------
 */

static bool same_item(const struct resource *a, const struct resource *b)
{
	return strcmp(a->kind->section, b->kind->section) == 0 &&
	       strcmp(a->name, b->name) == 0 && a->spec.at.file == b->spec.at.file &&
	       a->spec.at.line == b->spec.at.line;
}

static const struct resource *first_of_item(const struct plan *p,
                                            const struct resource *r)
{
	for (size_t i = 0; r->kind->shape == SECTION_ITEMS && i < p->n; i++)
		if (same_item(p->resources[i], r) &&
		    p->resources[i]->run.change.reason == r->run.change.reason)
			return p->resources[i];
	return r;
}

/* What this one waits for, or shares its fate with; NULL: it has its own cause. */
static const struct resource *cause_one_up(const struct plan *p, const struct resource *r)
{
	const struct resource *on = r->spec.depends_on;
	const struct change *c = &r->run.change;

	if (c->reason == REASON_WAITS || c->reason == REASON_DEPENDENCY_SKIPPED)
		return r->run.waits ? r->run.waits : on;
	if (c->reason == REASON_CONDITION_FALSE)
		return first_of_item(p, r);
	if (c->reason != REASON_NO_DISKS && c->reason != REASON_NOT_ATTEMPTED)
		return NULL;
	return on && on->run.change.reason == c->reason ? on : NULL;
}

static bool is_fine(const struct resource *r)
{
	return r->run.change.state == STATE_OK || r->run.change.state == STATE_CHANGED;
}

static const struct resource *cause_of(const struct plan *p, const struct resource *r)
{
	const struct resource *up;

	while ((up = cause_one_up(p, r)) && up != r && !is_fine(up))
		r = up;
	return r;
}

/* --- one row -------------------------------------------------------------------------
 */

/* What the API says is reported once, not for each. */
static bool warns(const struct change *c)
{
	return c->reason != REASON_API_UNREACHABLE && c->reason != REASON_API_LOCKED &&
	       ((c->state == STATE_OK && c->reason != REASON_NONE) ||
	        (c->state == STATE_CHANGED && c->reason != REASON_APPLIED &&
	         c->reason != REASON_NOT_ROLLED_BACK &&
	         c->reason != REASON_PENDING_REBOOT));
}

bool row_is_warning(const struct row *row)
{
	return row->group == ROWS_WARN || (row->group == ROWS_SKIPPED &&
	                                   row->r->run.change.reason == REASON_NO_DISKS);
}

static enum row_group group_of(const struct resource *r)
{
	const struct change *c = &r->run.change;
	static const enum row_group groups[] = {
		[STATE_OK] = ROWS_OK,           [STATE_DRIFT] = ROWS_DIFFER,
		[STATE_PENDING] = ROWS_PENDING, [STATE_CHANGED] = ROWS_CHANGED,
		[STATE_REFUSED] = ROWS_REFUSED, [STATE_FAILED] = ROWS_FAILED,
		[STATE_SKIPPED] = ROWS_SKIPPED,
	};

	if (aside_is_waived(r))
		return ROWS_WAIVED;
	return warns(c) ? ROWS_WARN : groups[c->state];
}

/* By its key, or by its item of the profile. */
char *rows_name(const struct resource *r)
{
	const struct kind *k = r->kind;

	switch (k->shape) {
	case SECTION_VALUES:
	case SECTION_TREE: return mem_dup(r->name);
	case SECTION_OBJECT: return mem_dup(k->title ? k->title : k->name);
	case SECTION_NAMES: return mem_format("%s %s", k->name, r->name);
	case SECTION_ITEMS: break;
	}
	return mem_format("%s %s",
	                  r->spec.depends_on || k->flags & KIND_APART ? k->name
	                                                              : k->section,
	                  r->name);
}

static bool is_persistence(enum reason reason)
{
	return reason == REASON_NOT_PERSISTED || reason == REASON_NOT_SET ||
	       reason == REASON_PERSISTED_DIFFERS;
}

static void add_differences(const struct resource *r, struct differences *ret)
{
	const struct change *c = &r->run.change;
	bool setting = r->kind->shape == SECTION_TREE;

	if (r->kind->differences)
		r->kind->differences(r, ret);
	else if (!is_persistence(c->reason) && r->spec.want)
		difference_add(ret, NULL, mem_dup(plan_value(r->seen.now, "absent")),
		               mem_dup(r->spec.want));
	/* in effect, but not stored; or stored, but something that it needs is not */
	if (ret->n == 0 && is_persistence(c->reason) &&
	    (c->reason == REASON_PERSISTED_DIFFERS || !r->seen.persisted))
		difference_add(ret, mem_dup(setting ? NULL : " (persisted)"),
		               mem_dup(plan_value(r->seen.persisted, "not set")),
		               mem_dup(r->spec.want));
}

static void add_changes(const struct resource *r, struct differences *ret)
{
	if (r->kind->changes && r->seen.had && r->seen.now)
		r->kind->changes(r, ret);
	else
		difference_add(ret, NULL, mem_dup(plan_value(r->seen.had, "nothing")),
		               mem_dup(plan_value(r->seen.now, r->spec.want)));
}

static void add_parts(struct row *row)
{
	const struct resource *r = row->r;

	if (row->group == ROWS_DIFFER ||
	    (row->group == ROWS_WAIVED && r->run.change.state != STATE_FAILED &&
	     r->run.change.state != STATE_PENDING && r->seen.now))
		add_differences(r, &row->parts);
	else if (row->group == ROWS_CHANGED && r->run.begun)
		add_changes(r, &row->parts);
	else if (row->group == ROWS_OK)
		difference_add(&row->parts, NULL,
		               mem_dup(r->seen.now    ? r->seen.now
		                       : r->spec.want ? r->spec.want
		                                      : "as configured"),
		               mem_dup(r->spec.want));
}

/* --- all of them ---------------------------------------------------------------------
 */

static struct row *row_of(struct rows *rows, const struct resource *r)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->list[i].r == r)
			return &rows->list[i];
	return NULL;
}

static void add_row(struct rows *rows, size_t *cap, const struct resource *r,
                    rows_shows *shows, const void *arg)
{
	struct row row = {.group = group_of(r), .r = r};

	if (!shows || shows(arg, &row)) {
		row.what = rows_name(r);
		add_parts(&row);
	}
	rows->list = mem_grow(rows->list, cap, rows->n, sizeof(row));
	rows->list[rows->n++] = row;
	rows->counts[row.group]++;
}

static void add_to_row(struct rows *rows, struct row *row, const struct resource *r)
{
	bool together = row->group == ROWS_DIFFER || row->group == ROWS_SKIPPED ||
	                row->group == ROWS_WAIVED || row->group == group_of(r);

	row->with = mem_grow(row->with, &row->cap_with, row->n_with, sizeof(*row->with));
	row->with[row->n_with++] = r;
	rows->counts[together ? row->group : ROWS_PENDING]++;
}

/* By group; rows of one group stay in their order. */
static void sort_rows(struct rows *rows)
{
	struct row *sorted = mem_new(rows->n, sizeof(*sorted));
	size_t n = 0;

	for (enum row_group g = 0; g < ROW_GROUPS; g++)
		for (size_t i = 0; i < rows->n; i++)
			if (rows->list[i].group == g)
				sorted[n++] = rows->list[i];
	free(rows->list);
	rows->list = sorted;
}

void rows_make(const struct plan *p, rows_shows *shows, const void *arg, struct rows *ret)
{
	size_t cap = 0;

	*ret = (struct rows){0};
	for (size_t i = 0; i < p->n; i++)
		if (cause_of(p, p->resources[i]) == p->resources[i])
			add_row(ret, &cap, p->resources[i], shows, arg);
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *cause = cause_of(p, p->resources[i]);

		if (cause != p->resources[i])
			add_to_row(ret, row_of(ret, cause), p->resources[i]);
	}
	sort_rows(ret);
	ret->applicable = p->n - ret->counts[ROWS_SKIPPED];
}

void rows_done(struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		free(rows->list[i].what);
		differences_done(&rows->list[i].parts);
		free((void *)rows->list[i].with);
	}
	free(rows->list);
	*rows = (struct rows){0};
}
