/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_TOML_H
#define DOC_TOML_H

struct node;

/*
 * A mapping as a TOML 1.0 document: a table for each mapping in it, its values first;
 * mappings in lists are inline tables. Plain scalars are what they are in JSON, and "",
 * which TOML has instead of null. Owned by the caller.
 */
char *node_toml_format(const struct node *root);

#endif
