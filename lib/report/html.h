/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

/*
 * The shell of every HTML page: one file that loads nothing, with one table that can be
 * sorted and filtered, for screens of any width, for paper, and without JavaScript. Style
 * and script are lib/report/html/page.css and page.js, allowed by their hashes.
 *
 *	html_begin("3 nodes differ", out);
 *	html_facts_begin(out); html_fact("kernel", "6.1.102", out); html_facts_end(out);
 *	html_note("The Bottlerocket API does not answer.", out);      // any number of
 *them html_table_begin(&t, "What differs", titles, out); html_row_begin(&t, HTML_BAD,
 *"differs", 2);      // fills the first column: the state html_cell(&t, "vm.swappiness");
 *html_cell(&t, "60"); ...      // the others, in order html_row_end(&t);
 *	html_table_end(&t);
 *	html_end(out);
 *
 * Nothing is kept in memory. All texts are escaped, and may hold any bytes.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* How serious a row is: its colour, which only repeats what the state says. */
enum html_tone { HTML_BAD, HTML_WARN, HTML_GOOD, HTML_INFO, HTML_PLAIN };

struct html_table {
	FILE *out;
	const char *const *titles; /* of the columns, ended by NULL; borrowed */
	size_t column;             /* of the next cell */
};

void html_begin(const char *title, FILE *out);
void html_end(FILE *out);

/* A list of names and values. A value that is NULL or empty is skipped. */
void html_facts_begin(FILE *out);
void html_fact(const char *name, const char *value, FILE *out);

/* The same with a time in Unix seconds. */
void html_fact_time(const char *name, int64_t unix_s, FILE *out);
void html_facts_end(FILE *out);

void html_note(const char *text, FILE *out);

void html_table_begin(struct html_table *t, const char *caption,
                      const char *const *titles, FILE *out);
void html_table_end(struct html_table *t);

/* `order`: where the state stands if the rows are sorted by it. */
void html_row_begin(struct html_table *t, enum html_tone tone, const char *state,
                    unsigned order);
void html_row_end(struct html_table *t);

/* A cell of one line; NULL: empty. The second column is the head of its row. */
void html_cell(struct html_table *t, const char *text);

/* A cell of any number of lines, each with a class of page.css ("code", "dim"), or NULL.
 */
void html_cell_begin(struct html_table *t, const char *class);
void html_line(struct html_table *t, const char *class, const char *text);
void html_cell_end(struct html_table *t);

#endif
