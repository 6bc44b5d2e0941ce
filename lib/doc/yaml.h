/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_YAML_H
#define DOC_YAML_H

#include "base/diagnostics.h"

struct node;

/* Largest document, and deepest nesting, that is read. */
#define NODE_YAML_SIZE_MAX  (1024 * 1024)
#define NODE_YAML_DEPTH_MAX 32

/*
 * Read one YAML document of UTF-8 text. Strict where YAML is lax: one document,
 * no duplicate keys, plain strings as keys, and neither anchors, aliases nor tags.
 *
 * `file` names the text in places and must outlive the tree. Whatever is wrong is
 * added to `ps`.
 *
 * Return: the tree, owned by the caller, without what was wrong in it; NULL if there
 * is none or the text is no YAML (then ps has a problem).
 */
struct node *node_yaml_parse(const char *text, size_t len, const char *file,
                             struct diagnostics *diag);

/*
 * The tree as a YAML document, which says the same when it is read again: a plain scalar
 * stays plain, but for texts such as "...x" that libyaml quotes to be sure. A text of
 * several lines is a literal block. Owned by the caller.
 */
char *node_yaml_format(const struct node *n);

#endif
