/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysfs/memory.h"

#include "doc/node.h"

#include <string.h>

static const struct field optional[] = {MEMORY_OPTIONAL, {0}};

bool memory_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	const struct node *first = NULL;

	for (const struct field *f = r->kind->fields; f->name && !first; f++)
		if (strcmp(f->name, optional[0].name) != 0)
			first = node_get(n, f->name);
	if (!first)
		return false;
	r->spec.at = first->key_at;
	fields_parse(r->kind->fields, n, r, diag);
	fields_parse(optional, n, r, diag);
	return true;
}
