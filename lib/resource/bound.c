/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/bound.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"

#include <inttypes.h>
#include <string.h>

static bool bound_number(const struct bound_range *range, const struct node *n,
                         uint64_t *ret, struct diagnostics *diag)
{
	uint64_t value;
	int r;

	if (n->type != NODE_SCALAR) {
		diag_error(diag, n->at, "%s: is %s, should be a whole number",
		           range->name, node_type_name(n));
		return false;
	}
	if (n->unknown)
		return false;
	r = num_u64(n->text, &value);
	if (r == 0 && value >= range->low && value <= range->high) {
		*ret = value;
		return true;
	}
	if (r == 0)
		diag_error(diag, n->at,
		           "%s \"%s\": out of range (%" PRIu64 " to %" PRIu64 ")",
		           range->name, n->text, range->low, range->high);
	else
		diag_error(diag, n->at, "%s \"%s\": should be a whole number%s",
		           range->name, n->text, range->top ? ", or max" : "");
	return false;
}

static void bound_check_keys(const struct bound_range *range, const struct node *n,
                             struct diagnostics *diag)
{
	node_for_each (member, n)
		if (strcmp(member->key, "min") != 0 && strcmp(member->key, "max") != 0)
			diag_error(diag, member->key_at,
			           "%s: unknown key \"%s\" (one of: min, max)",
			           range->name, member->key);
	if (n->n == 0)
		diag_error(diag, n->at, "%s: is an empty mapping (write {min: NUMBER})",
		           range->name);
}

static void bound_parse_pair(const struct bound_range *range, const struct node *n,
                             struct bound *ret, struct diagnostics *diag)
{
	const struct node *min = node_get(n, "min"), *max = node_get(n, "max");
	const struct bound_range number = {range->name, range->low, range->high, false};
	struct bound b = {.set = true, .max = UINT64_MAX};

	bound_check_keys(range, n, diag);
	if ((min && !bound_number(&number, min, &b.min, diag)) ||
	    (max && !bound_number(&number, max, &b.max, diag)) || (!min && !max))
		return;
	if (b.min > b.max)
		diag_error(diag, min->at, "%s: min is larger than max", range->name);
	else
		*ret = b;
}

void bound_parse(const struct bound_range *range, const struct node *n, struct bound *ret,
                 struct diagnostics *diag)
{
	uint64_t value;

	if (n->type == NODE_MAP)
		bound_parse_pair(range, n, ret, diag);
	else if (range->top && n->type == NODE_SCALAR && strcmp(n->text, "max") == 0)
		*ret = (struct bound){.set = true, .top = true};
	else if (bound_number(range, n, &value, diag))
		*ret = (struct bound){.set = true, .min = value, .max = value};
}

uint64_t bound_resolve(const struct bound *b, uint64_t now, uint64_t limit)
{
	if (b->top)
		return limit == BOUND_NO_LIMIT ? now : limit;
	return now < b->min ? b->min : now > b->max ? b->max : now;
}

char *bound_text(const struct bound *b)
{
	if (b->top)
		return mem_dup("=max");
	if (b->min == b->max)
		return mem_format("=%" PRIu64, b->min);
	if (b->max == UINT64_MAX)
		return mem_format(">=%" PRIu64, b->min);
	if (b->min == 0)
		return mem_format("<=%" PRIu64, b->max);
	return mem_format("=%" PRIu64 "..%" PRIu64, b->min, b->max);
}
