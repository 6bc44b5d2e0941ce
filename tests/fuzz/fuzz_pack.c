/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as the answer of the process that parses, which nobody trusts: they are
 * refused with an error, or are a tree that is the same once it was packed and read
 * again.
 */
#include "fuzz.h"

#include "base/diagnostics.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "doc/pack.h"

#include <string.h>

static struct unpack reader(const struct buf *b)
{
	return (struct unpack){.at = b->text, .end = b->text + b->len};
}

static void check_again(const struct node *n)
{
	_buf_ struct buf once = {0}, twice = {0};
	_node_ struct node *again = NULL;
	struct unpack u;

	pack_node(&once, n);
	u = reader(&once);
	again = unpack_node(&u, "f");
	assert(again && unpack_is_complete(&u));
	pack_node(&twice, again);
	assert(once.len == twice.len && memcmp(once.text, twice.text, once.len) == 0);
}

static void check_problems(const struct diagnostics *diag)
{
	for (size_t i = 0; i < diag->n; i++)
		assert(diag->list[i].text && diag->list[i].severity <= SEVERITY_NOTE);
}

static void check_answer(const struct buf *answer, struct diagnostics *diag)
{
	struct unpack u = reader(answer);
	struct err e = {0};
	_node_ struct node *n = unpack_parsed(&u, "f", diag, &e);

	assert(n || e.code < 0 || (diag && diag_count_errors(diag) > 0));
	assert(n == NULL || unpack_is_complete(&u));
	if (n)
		check_again(n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_diagnostics_ struct diagnostics diag = {0};
	_buf_ struct buf answer = {0};

	/* as large as it is, so that a read beyond it is seen */
	buf_add_n(&answer, (const char *)data, size);
	answer.text = mem_resize(answer.text, size ? size : 1, 1);
	check_answer(&answer, &diag);
	check_problems(&diag);
	check_answer(&answer, NULL);
	return 0;
}
