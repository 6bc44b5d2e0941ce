/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_TREE_H
#define REPORT_TREE_H

/* Trees as documents, and texts of the host. */

#include <stdio.h>

struct node;

/* Print a tree as one JSON document. */
void report_tree_json(const struct node *tree, FILE *out);

/*
 * Print a tree as YAML, with the comments in ->lead; `comment` ends each line that has a
 * value, and report_own_comment() does so with those in ->comment.
 */
typedef void report_comment(const struct node *value, FILE *out);
void report_own_comment(const struct node *value, FILE *out);
void report_yaml(const struct node *tree, report_comment *comment, FILE *out);

/* Print one member of a mapping, with its key. */
void report_yaml_member(const struct node *value, report_comment *comment, FILE *out);

/* Print text of the host as one line: control characters are replaced. */
void report_line(const char *text, FILE *out);

#endif
