/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as JSON from a server: the formatted tree parses to an equal tree. */
#include "fuzz.h"

#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"

#include <string.h>

FUZZ_MUTATES_TREES

static void write_and_read(const struct node *n, bool pretty)
{
	_free_ char *text = node_json_format(n, pretty);
	struct err e;
	_node_ struct node *again = node_json_parse(text, strlen(text), &e);

	assert(again && node_equal(n, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = {0};
	_node_ struct node *n = node_json_parse((const char *)data, size, &e);

	assert(n ? e.code == 0 : e.code < 0);
	if (n) {
		write_and_read(n, false);
		write_and_read(n, true);
	}
	return 0;
}
