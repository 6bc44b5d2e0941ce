/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/origin.h"

#include "profile/profile.h"
#include "profile/source.h"

struct node *report_place(struct place at)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "file", at.file);
	node_set(n, "line", node_new_uint(at.line));
	node_set(n, "column", node_new_uint(at.col));
	return n;
}

struct node *report_sources(const struct profile *p)
{
	struct node *n = node_new(NODE_LIST);

	for (size_t i = 0; i < p->n_sources; i++)
		node_append(n, node_new_text(p->sources[i].file));
	return n;
}
