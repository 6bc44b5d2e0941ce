/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_YAML_H
#define DOC_YAML_H

#include "base/diagnostics.h"

struct node;

/* Largest document in bytes, and deepest nesting, that is accepted. */
#define NODE_YAML_SIZE_MAX  (1024 * 1024)
#define NODE_YAML_DEPTH_MAX 32

/*
 * Parse one YAML document of UTF-8 text. Stricter than YAML: exactly one document, no
 * duplicate keys, only strings as keys, and no anchors, aliases or tags.
 *
 * `file` names the text in places and must outlive the tree. All problems are added to
 * `ps`.
 *
 * Return: the tree, owned by the caller, without its invalid parts; NULL, with a problem
 * in `ps`, if the text is empty or not YAML.
 */
struct node *node_yaml_parse(const char *text, size_t len, const char *file,
                             struct diagnostics *diag);

/*
 * Format the tree as a YAML document that parses to the same tree. A plain scalar stays
 * plain, except texts such as "...x", which libyaml quotes to be safe. Text of several
 * lines becomes a literal block. Owned by the caller.
 */
char *node_yaml_format(const struct node *n);

#endif
