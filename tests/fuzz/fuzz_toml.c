/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as TOML: a tree or an error with its place; a formatted tree parses again. */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/utf8.h"
#include "doc/node.h"
#include "doc/toml.h"

#include <string.h>

static void assert_same_shape(const struct node *a, const struct node *b)
{
	assert(b && a->type == b->type && a->n == b->n);
	/* a number may be written in another way */
	assert(a->type != NODE_SCALAR || a->plain || strcmp(a->text, b->text) == 0);
	node_for_each (item, a)
		assert_same_shape(item, a->type == NODE_MAP ? node_get(b, item->key)
		                                            : b->items[i_item]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_diagnostics_ struct diagnostics diag = {0}, second = {0};
	_node_ struct node *n = NULL, *again = NULL;
	_free_ char *text = mem_dup_n((const char *)data, size);

	/* the reader of the file refuses others */
	if (!utf8_all_printable(text) || strlen(text) != size)
		return 0;
	n = node_toml_parse(text, size, "f", &diag);
	if (!n) {
		assert(diag_count_errors(&diag) > 0);
		assert(*diag.list[0].text && diag.list[0].line > 0);
		return 0;
	}
	mem_set(&text, node_toml_format(n));
	again = node_toml_parse(text, strlen(text), "g", &second);
	assert_same_shape(n, again);
	return 0;
}
