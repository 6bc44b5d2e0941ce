/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/expr_function.h"

#include "base/text/suggest.h"

#include <string.h>

static struct expr_value call_min(struct expr_reader *r, size_t at,
                                  const struct expr_value *a, size_t n)
{
	int64_t best = a[0].n;

	for (size_t i = 1; i < n; i++)
		if (a[i].n < best)
			best = a[i].n;
	return expr_number(r, at, best, false);
}

static struct expr_value call_max(struct expr_reader *r, size_t at,
                                  const struct expr_value *a, size_t n)
{
	int64_t best = a[0].n;

	for (size_t i = 1; i < n; i++)
		if (a[i].n > best)
			best = a[i].n;
	return expr_number(r, at, best, false);
}

static struct expr_value call_clamp(struct expr_reader *r, size_t at,
                                    const struct expr_value *a, size_t n)
{
	int64_t best = a[0].n;

	(void)n;
	if (a[1].n > a[2].n && !r->dry)
		return expr_fail(r, at,
		                 "clamp: the lower limit is above the upper limit");
	if (best > a[2].n)
		best = a[2].n;
	if (best < a[1].n)
		best = a[1].n;
	return expr_number(r, at, best, false);
}

static struct expr_value call_round(struct expr_reader *r, size_t at,
                                    const struct expr_value *a, size_t n)
{
	int64_t half, sum, step = a[1].n;

	(void)n;
	if (r->dry)
		return expr_number(r, at, 1, false);
	if (step <= 0 || a[0].n < 0)
		return expr_fail(
			r, at, "round: needs a number of at least 0 and a step above 0");
	half = step / 2;
	if (__builtin_add_overflow(a[0].n, half, &sum))
		return expr_number(r, at, 0, true);
	return expr_number(r, at, sum - sum % step, false);
}

static struct expr_value call_pow2ceil(struct expr_reader *r, size_t at,
                                       const struct expr_value *a, size_t n)
{
	int64_t power = 1;

	(void)n;
	while (power < a[0].n)
		if (__builtin_mul_overflow(power, INT64_C(2), &power))
			return expr_number(r, at, 0, true);
	return expr_number(r, at, power, false);
}

static const struct function {
	const char *name;
	size_t min, max; /* arguments */
	struct expr_value (*call)(struct expr_reader *r, size_t at,
	                          const struct expr_value *a, size_t n);
} functions[] = {
	{"min", 1, EXPR_ARGS_MAX, call_min}, {"max", 1, EXPR_ARGS_MAX, call_max},
	{"clamp", 3, 3, call_clamp},         {"round", 2, 2, call_round},
	{"pow2ceil", 1, 1, call_pow2ceil},
};

struct expr_value expr_call(struct expr_reader *r, const char *name, size_t at,
                            const struct expr_value *args, size_t n)
{
	struct suggest near = {.typed = name};

	expr_want_numbers(r, at, args, n);
	for (size_t i = 0; i < ARRAY_SIZE(functions) && !r->failed; i++) {
		const struct function *f = &functions[i];

		suggest_offer(&near, f->name);
		if (strcmp(f->name, name) != 0)
			continue;
		if (n < f->min || n > f->max)
			return expr_fail(r, at, "%s: takes %zu arguments, not %zu", name,
			                 f->min, n);
		return f->call(r, at, args, n);
	}
	if (near.best)
		return expr_fail(r, at, "function \"%s\": unknown (did you mean \"%s\"?)",
		                 name, near.best);
	return expr_fail(r, at,
	                 "function \"%s\": unknown (known: min, max, clamp, round, "
	                 "pow2ceil)",
	                 name);
}
