/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Facts as a document, the reverse of facts_load(). */
#include "base/mem.h"
#include "doc/node.h"
#include "profile/facts.h"

#include <inttypes.h>

/* A text: as a number, 6.10 would become 6.1. */
static struct node *version_node(int64_t version)
{
	_free_ char *text =
		mem_format("%u.%u", (unsigned)version >> 16, (unsigned)version & 0xffff);

	return node_new_text(text);
}

static struct node *fact_node(const struct expr_fact *fact)
{
	if (fact->type == EXPR_TEXT)
		return node_new_text(fact->text);
	if (fact->type == EXPR_VERSION)
		return version_node(fact->value);
	return node_new_uint((uint64_t)fact->value);
}

struct node *facts_node(const struct facts *f)
{
	struct expr_fact list[FACTS_MAX + 1] = {{0}};
	const struct facts_scope all = {0};
	struct node *n = node_new(NODE_MAP);

	facts_list(f, &all, "", list);
	for (const struct expr_fact *fact = list; fact->name; fact++)
		if (!fact->absent && !fact->none)
			node_set(n, fact->name, fact_node(fact));
	return n;
}
