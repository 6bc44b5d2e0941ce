/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_REVERT_JOURNALS_H
#define REPORT_REVERT_JOURNALS_H

/* The journals of a host. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct journal;

struct journal_line {
	unsigned id;
	const struct journal *journal; /* NULL: it could not be read ... */
	const char *why;               /* ... and why */
};

/* Print them, one line each, or as JSON. */
void report_journals(const struct journal_line *list, size_t n, FILE *out);
void report_journals_json(const struct journal_line *list, size_t n, FILE *out);

/* Format the Unix time of a journal for people. */
void report_journal_time(int64_t seconds, char *ret, size_t room);

#endif
