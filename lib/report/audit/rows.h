/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_ROWS_H
#define REPORT_AUDIT_ROWS_H

/*
 * The result of a run as people read it, for every format: one row for each thing that
 * they would fix, in groups, the most serious first. What only waits for another
 * resource, or lacks the same drive, belongs to the row of its cause.
 */

#include "resource/difference.h"

#include <stdbool.h>
#include <stddef.h>

struct plan;
struct resource;

enum row_group {
	ROWS_REFUSED,
	ROWS_FAILED,
	ROWS_DIFFER,  /* also what was rolled back, or not attempted */
	ROWS_PENDING, /* waits for the user or a reboot */
	ROWS_WARN,    /* in sync or changed, but with a warning */
	ROWS_CHANGED,
	ROWS_WAIVED,  /* also what depends on it */
	ROWS_SKIPPED, /* not applicable on this node */
	ROWS_OK,
	ROW_GROUPS
};

struct row {
	enum row_group group;
	const struct resource *r; /* has state, reason, message, remedy and place */
	char *what; /* "vm.swappiness", "storage data"; owned; NULL: it is not shown */
	struct differences
		parts; /* live and wanted, or before and now; none: its message */
	const struct resource **with; /* the others in the row: only waiting for `r` */
	size_t n_with, cap_with;
};

/* Borrows the resources of the plan. Free with rows_done(). */
struct rows {
	struct row *list; /* by group, then in the order of the plan */
	size_t n;
	/*
	 * Resources (not rows) by group. What waits for a refused or failed resource
	 * counts as pending, what waits for one that differs differs.
	 */
	size_t counts[ROW_GROUPS];
	size_t applicable; /* resources outside of ROWS_SKIPPED */
};

/* Texts are made only for rows that are shown (`shows` NULL: all). */
typedef bool rows_shows(const void *arg, const struct row *row);
void rows_make(const struct plan *p, rows_shows *shows, const void *arg,
               struct rows *ret);
void rows_done(struct rows *rows);

#define _rows_ _cleanup_(rows_done)

/* How people call a resource: "vm.swappiness", "mount data". Owned by the caller. */
char *rows_name(const struct resource *r);

/* The heading of a group: "not applicable". */
const char *rows_heading(enum row_group g);

/*
 * Whether a row needs attention, although it does not differ: a warning, or the profile
 * names storage and the node has no such drive: a word of the profile may be wrong.
 */
bool row_is_warning(const struct row *row);

#endif
