/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_TOML_H
#define DOC_TOML_H

#include <stddef.h>

struct diagnostics;
struct node;

/*
 * Format a mapping as a TOML 1.0 document. Each mapping becomes a table with its values
 * first; mappings in lists become inline tables. Plain scalars are written as in JSON,
 * except null: TOML has none, so it becomes "". Owned by the caller.
 */
char *node_toml_format(const struct node *root);

/*
 * Parse a TOML 1.0 document of printable UTF-8 text. Numbers and truth values become
 * plain scalars, numbers in decimal; dates become texts. Comments go to ->lead and
 * ->comment of the value that they describe; those of the root have the comment of the
 * whole file, and what follows the last key. More is accepted than in TOML: a table may
 * extend an inline table.
 *
 * `file` names the text in places and must outlive the tree. The first error ends the
 * document.
 *
 * Return: the tree, owned by the caller; NULL, with an error in `diag`, if it is not
 * TOML.
 */
struct node *node_toml_parse(const char *text, size_t len, const char *file,
                             struct diagnostics *diag);

#endif
