/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_JSON_H
#define DOC_JSON_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct diagnostics;
struct node;

/*
 * Parse JSON into a tree. Numbers, true, false and null become plain scalars.
 * Return: the tree, owned by the caller; NULL with `e` set if it is not JSON.
 */
struct node *node_json_parse(const char *text, size_t len, struct err *e);

/*
 * Parse untrusted JSON: refuse more than `max_values` values (members and items, at any
 * depth) before allocating memory for them.
 */
struct node *node_json_parse_some(const char *text, size_t len, size_t max_values,
                                  struct err *e);

/*
 * Parse JSON with the place of each value. `file` names the text in places and must
 * outlive the tree. At most as large and as deep as a profile.
 * Return: the tree, owned by the caller; NULL with errors in `diag`.
 */
struct node *node_json_parse_placed(const char *text, size_t len, const char *file,
                                    struct diagnostics *diag);

/*
 * Format a tree as JSON. A plain scalar that is a number, boolean or null in YAML's core
 * schema stays one; all other scalars become strings, in which characters that are not
 * printable are escaped; text that is not UTF-8 is taken as Latin-1. `pretty`: indent by
 * two spaces.
 * Return: text owned by the caller, without a trailing newline.
 */
char *node_json_format(const struct node *n, bool pretty);

/* Format the tree as one line of JSON, for messages. Owned by the caller. */
char *node_json_line(const struct node *n);

#endif
