/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FLEET_RECORD_H
#define FLEET_RECORD_H

/* One record of a report, and what makes a document a report. */

#include "base/err.h"
#include "resource/kind.h"

struct node;

/* Texts are borrowed from the report. */
struct fleet_record {
	const char *kind, *name;
	enum state state;
	const char *reason, *wanted, *live; /* NULL: none */
	bool waived; /* the node differs as its profile agrees: STATE_SKIPPED */
};

/* Check that a document is a report that this program can read. Return: 0 or -EBADMSG. */
int fleet_report_check(const struct node *report, struct err *e);

/* Read a record of a report that was checked. */
struct fleet_record fleet_record_read(const struct node *record);

/*
 * The reason for which the API failed the run of a report that was checked. NULL: it did
 * not fail, or an older report does not say so.
 */
const char *fleet_api_reason(const struct node *report);

/* Compare two texts for sorting; NULL is the first. */
int fleet_text_compare(const char *a, const char *b);

/* Return the text of `key`, NULL if it has none. */
const char *fleet_text(const struct node *map, const char *key);

/* Whether the value of `key` is true. */
bool fleet_is_true(const struct node *map, const char *key);

#endif
