/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_JSON_H
#define DOC_JSON_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct node;

/*
 * Read JSON text into a tree. Numbers, true, false and null become plain scalars.
 * Return: the tree, owned by the caller; NULL and `e` if it is not JSON.
 */
struct node *node_json_parse(const char *text, size_t len, struct err *e);

/*
 * The same for text that is not trusted: more than `max_values` values (members and
 * items, at any depth) are refused before memory is spent on them.
 */
struct node *node_json_parse_some(const char *text, size_t len, size_t max_values,
                                  struct err *e);

/*
 * Write a tree as JSON: plain scalars that are a number, a boolean or null in YAML's
 * core schema as such, all others as strings. `pretty`: indented by two.
 * Return: text owned by the caller, without a newline at the end.
 */
char *node_json_format(const struct node *n, bool pretty);

/* The tree as one line of JSON, for messages. Owned by the caller. */
char *node_json_line(const struct node *n);

#endif
