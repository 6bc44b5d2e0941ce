/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/schema/members.h"

#include "doc/node.h"

static struct node *member_schema(const struct member *m)
{
	struct node *n = node_new(NODE_MAP), *types = node_new(NODE_LIST);

	node_set_text(n, "description", m->doc);
	node_append(types, node_new_text(m->type));
	if (m->flags & MEMBER_NULLABLE)
		node_append(types, node_new_text("null"));
	node_set(n, "type", types);
	if (*m->type == 'i')
		node_set(n, "minimum", node_new_uint(0));
	return n;
}

struct node *members_schema(const struct member *m)
{
	struct node *n = node_new(NODE_MAP), *required = node_new(NODE_LIST);

	node_set_text(n, "type", "object");
	node_set(n, "properties", node_new(NODE_MAP));
	for (; m->name; m++) {
		node_set(node_get(n, "properties"), m->name, member_schema(m));
		if (!(m->flags & MEMBER_OPTIONAL))
			node_append(required, node_new_text(m->name));
	}
	node_set(n, "required", required);
	return n;
}

struct node *members_get(struct node *object, const char *name)
{
	return node_get_map(node_get_map(object, "properties"), name);
}

struct node *members_set_object(struct node *object, const char *name,
                                const struct member *members)
{
	struct node *n = members_schema(members);
	const struct node *doc = node_get(members_get(object, name), "description");

	node_set_text(n, "description", doc ? doc->text : NULL);
	node_set(node_get_map(object, "properties"), name, n);
	return n;
}

void members_allow(struct node *object, const char *name, const char *word)
{
	struct node *n = members_get(object, name);

	if (!node_get(n, "enum"))
		node_set(n, "enum", node_new(NODE_LIST));
	node_append(node_get(n, "enum"), word ? node_new_text(word) : node_new_null());
}
