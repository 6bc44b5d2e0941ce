/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as a formula: a result or an error inside the text, the same every time. */
#include "fuzz.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/expr.h"

#include <errno.h>
#include <string.h>

static const struct expr_fact list[] = {
	{.name = "cpus", .value = 8},
	{.name = "memory", .value = INT64_C(64) << 30},
	{.name = "disks", .value = 0},
	{.name = "disk_size", .value = -1},
	{.name = "kernel", .value = NUM_VERSION(6, 1), .type = EXPR_VERSION},
	{.name = "arch", .type = EXPR_TEXT, .text = "x86_64"},
	{.name = "variant", .type = EXPR_TEXT, .absent = "unknown"},
	{.name = "page_size", .value = 4096, .fault = "no"},
	{0},
};

static void check(const char *text, enum expr_type type)
{
	static const struct expr_facts known = {list, false}, unknown = {list, true};
	struct expr_error e = {0}, again = {0};
	int64_t result = 0, same = 0;
	int r = expr_eval(text, &known, type, &result, &e);

	assert(r == 0 || (r == -EINVAL && *e.text && e.at <= strlen(text)));
	assert(expr_eval(text, &known, type, &same, &again) == r);
	assert(same == result && again.at == e.at);
	/* a formula that computes is also valid without facts */
	if (r == 0)
		assert(expr_eval(text, &unknown, type, &same, &again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);

	check(text, EXPR_NUMBER);
	check(text, EXPR_BOOL);
	return 0;
}
