/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include <stdio.h>

struct node;

/*
 * Print topics (explain/topic.h) for people, or the index of all: `list` as
 * explain_word() or explain_all() returns it.
 */
void report_explain(const struct node *list, FILE *out);
void report_explain_index(const struct node *list, FILE *out);

#endif
