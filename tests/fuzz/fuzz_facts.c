/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as a file of facts: errors with a place, or the same facts when written again.
 */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "profile/facts.h"

#include <string.h>

FUZZ_MUTATES_TREES

static char *load(const void *data, size_t size)
{
	_diagnostics_ struct diagnostics diag = {0};
	_node_ struct node *n = NULL;
	struct facts f = {0};
	char *text = NULL;

	if (facts_load(&f, fuzz_file(data, size), (struct deadline){0}, &diag) == 0) {
		n = facts_node(&f);
		text = node_yaml_format(n);
	} else {
		assert(diag_count_errors(&diag) > 0 && *diag.list[0].text);
	}
	facts_done(&f);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = load(data, size), *again = NULL;

	if (!text)
		return 0;
	again = load(text, strlen(text));
	assert(again && strcmp(text, again) == 0);
	return 0;
}
