/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as YAML: it is a tree or a problem is reported, and a tree can be shown. */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/yaml.h"

#include <string.h>

FUZZ_MUTATES_TREES

static void assert_same_shape(const struct node *a, const struct node *b)
{
	assert(b && a->type == b->type && a->n == b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert(a->type == NODE_LIST ||
		       strcmp(a->items[i]->key, b->items[i]->key) == 0);
		assert_same_shape(a->items[i], b->items[i]);
	}
}

/* Compare shapes only, because scalars may change: 007 is 7 in JSON. */
static void show(const struct node *n)
{
	_free_ char *text = node_json_line(n);
	struct err e;
	_node_ struct node *shown = node_json_parse(text, strlen(text), &e);

	assert_same_shape(n, shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_diagnostics_ struct diagnostics diag = {0};
	_node_ struct node *n = node_yaml_parse((const char *)data, size, "fuzz", &diag);

	assert(n || diag.n > 0);
	diag_sort(&diag);
	for (size_t i = 0; i < diag.n; i++)
		assert(*diag.list[i].text && diag.list[i].line > 0 &&
		       diag.list[i].col > 0);
	if (n)
		show(n);
	return 0;
}
