/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_TOML_H
#define DOC_TOML_H

struct node;

/*
 * Format a mapping as a TOML 1.0 document. Each mapping becomes a table with its values
 * first; mappings in lists become inline tables. Plain scalars are written as in JSON,
 * except null: TOML has none, so it becomes "". Owned by the caller.
 */
char *node_toml_format(const struct node *root);

#endif
