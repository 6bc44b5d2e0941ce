/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef EXPLAIN_SYSCTL_FACTS_H
#define EXPLAIN_SYSCTL_FACTS_H

/* What the tables of sysctl/known say about a key, as members of its topic. */

struct node;
struct sysctl_known;
struct sysctl_row;

/* Its type, and the ranges of hosttune and of the kernel. Rows may be NULL: unknown. */
void sysctl_facts_value(struct node *n, const struct sysctl_row *row,
                        const struct sysctl_known *known);

/* What a Bottlerocket node and its programs require of it, and where it applies. */
void sysctl_facts_node(struct node *n, const char *key, const struct sysctl_known *known);

/* The keys that it is bound to, reset by, or another name of. */
void sysctl_facts_related(struct node *n, const char *key);

#endif
