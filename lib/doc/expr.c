/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/expr.h"

#include "base/macro.h"
#include "base/num.h"
#include "base/suggest.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NAME_BYTES 64
#define ARGS_MAX   16

struct value {
	enum expr_type type;
	int64_t n;
	bool major; /* a literal that can be a major version: kernel >= 6 */
};

struct reader {
	const char *text;
	size_t at, depth;
	const struct expr_facts *facts;
	struct expr_error *error;
	bool failed;
};

/* Record the first error, which stops the evaluation. */
static _printf_(3, 4) struct value
	expr_fail(struct reader *r, size_t at, const char *fmt, ...)
{
	va_list ap;

	if (!r->failed) {
		r->failed = true;
		r->error->at = at;
		va_start(ap, fmt);
		(void)vsnprintf(r->error->text, sizeof(r->error->text), fmt, ap);
		va_end(ap);
	}
	return (struct value){0};
}

static void skip_blanks(struct reader *r)
{
	while (r->text[r->at] == ' ')
		r->at++;
}

/* Consume `token` if it comes next. "or" does not match the start of "order". */
static bool expr_take(struct reader *r, const char *token)
{
	size_t len = strlen(token);

	skip_blanks(r);
	if (r->failed || strncmp(r->text + r->at, token, len) != 0)
		return false;
	if (isalpha((unsigned char)token[0]) &&
	    (isalnum((unsigned char)r->text[r->at + len]) || r->text[r->at + len] == '_'))
		return false;
	r->at += len;
	return true;
}

static void expect(struct reader *r, const char *token)
{
	if (!expr_take(r, token) && !r->failed)
		(void)expr_fail(r, r->at, "\"%s\" is missing", token);
}

/* Copy a word of letters, digits, dots and underscores. Return: its length. */
static size_t word(struct reader *r, char *ret)
{
	size_t len = 0;

	skip_blanks(r);
	while (len < NAME_BYTES - 1 &&
	       (isalnum((unsigned char)r->text[r->at + len]) ||
	        r->text[r->at + len] == '_' || r->text[r->at + len] == '.'))
		len++;
	memcpy(ret, r->text + r->at, len);
	ret[len] = '\0';
	return len;
}

static void want_numbers(struct reader *r, size_t at, const struct value *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].type != EXPR_NUMBER)
			(void)expr_fail(r, at, "expected a number");
}

static struct value expr_number(struct reader *r, size_t at, int64_t n, bool overflow)
{
	if (overflow && !r->facts->unknown)
		return expr_fail(r, at, "the result does not fit in 64 bits");
	return (struct value){EXPR_NUMBER, overflow ? 1 : n, false};
}

/* --- functions ------------------------------------------------------------------------
 */

static struct value call_min(struct reader *r, size_t at, const struct value *a, size_t n)
{
	int64_t best = a[0].n;

	for (size_t i = 1; i < n; i++)
		if (a[i].n < best)
			best = a[i].n;
	return expr_number(r, at, best, false);
}

static struct value call_max(struct reader *r, size_t at, const struct value *a, size_t n)
{
	int64_t best = a[0].n;

	for (size_t i = 1; i < n; i++)
		if (a[i].n > best)
			best = a[i].n;
	return expr_number(r, at, best, false);
}

static struct value call_clamp(struct reader *r, size_t at, const struct value *a,
                               size_t n)
{
	int64_t best = a[0].n;

	(void)n;
	if (a[1].n > a[2].n && !r->facts->unknown)
		return expr_fail(r, at,
		                 "clamp: the lower limit is above the upper limit");
	if (best > a[2].n)
		best = a[2].n;
	if (best < a[1].n)
		best = a[1].n;
	return expr_number(r, at, best, false);
}

static struct value call_round(struct reader *r, size_t at, const struct value *a,
                               size_t n)
{
	int64_t half, sum, step = a[1].n;

	(void)n;
	if (r->facts->unknown)
		return expr_number(r, at, 1, false);
	if (step <= 0 || a[0].n < 0)
		return expr_fail(
			r, at, "round: needs a number of at least 0 and a step above 0");
	half = step / 2;
	if (__builtin_add_overflow(a[0].n, half, &sum))
		return expr_number(r, at, 0, true);
	return expr_number(r, at, sum - sum % step, false);
}

static struct value call_pow2ceil(struct reader *r, size_t at, const struct value *a,
                                  size_t n)
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
	struct value (*call)(struct reader *r, size_t at, const struct value *a,
	                     size_t n);
} functions[] = {
	{"min", 1, ARGS_MAX, call_min},    {"max", 1, ARGS_MAX, call_max},
	{"clamp", 3, 3, call_clamp},       {"round", 2, 2, call_round},
	{"pow2ceil", 1, 1, call_pow2ceil},
};

/* --- grammar, from the highest to the lowest precedence
 * -------------------------------------------- */

static struct value read_any(struct reader *r);

static struct value read_call(struct reader *r, const char *name, size_t at)
{
	struct value args[ARGS_MAX];
	struct suggest near = {.typed = name};
	size_t n = 0;

	do {
		if (n == ARGS_MAX)
			return expr_fail(r, r->at, "%s: too many arguments", name);
		args[n++] = read_any(r);
	} while (expr_take(r, ","));
	expect(r, ")");
	want_numbers(r, at, args, n);
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
	return expr_fail(r, at, "function \"%s\": unknown", name);
}

static struct value read_fact(struct reader *r, const char *name, size_t at)
{
	struct suggest near = {.typed = name};

	for (const struct expr_fact *f = r->facts->list; f->name; f++) {
		bool version = strcmp(f->name, "kernel") == 0;

		if (strcmp(f->name, name) == 0 && f->fault)
			return expr_fail(r, at, "\"%s\": %s", name, f->fault);
		if (strcmp(f->name, name) == 0)
			return (struct value){version ? EXPR_VERSION : EXPR_NUMBER,
			                      r->facts->unknown ? 1 : f->value, false};
		suggest_offer(&near, f->name);
	}
	if (near.best)
		return expr_fail(r, at, "\"%s\": unknown (did you mean \"%s\"?)", name,
		                 near.best);
	return expr_fail(r, at, "\"%s\": unknown", name);
}

/* Read 12, 16MiB, or a version such as 6.1. */
static struct value expr_read_number(struct reader *r, const char *text, size_t at)
{
	struct value v;
	uint64_t n;
	int code;

	if (strchr(text, '.')) {
		unsigned version = num_version(text);

		if (text[strspn(text, "0123456789.")] || version == 0)
			return expr_fail(r, at, "\"%s\": not a version such as 6.1",
			                 text);
		return (struct value){EXPR_VERSION, version, false};
	}
	code = num_size(text, &n);
	if (code == -EINVAL)
		return expr_fail(r, at, "\"%s\": not a number or a size such as 16MiB",
		                 text);
	v = expr_number(r, at, (int64_t)n, code < 0 || n > INT64_MAX);
	v.major = !text[strspn(text, "0123456789")] && v.n < 1000;
	return v;
}

static struct value read_primary(struct reader *r)
{
	char text[NAME_BYTES];
	size_t at, len;
	struct value v;

	if (expr_take(r, "(")) {
		v = read_any(r);
		expect(r, ")");
		return v;
	}
	len = word(r, text);
	at = r->at;
	if (len == 0 && !r->text[at])
		return expr_fail(r, at, "a value is missing");
	if (len == 0)
		return expr_fail(r, at, "unexpected \"%c\"", r->text[at]);
	r->at += len;
	if (isdigit((unsigned char)text[0]))
		return expr_read_number(r, text, at);
	return expr_take(r, "(") ? read_call(r, text, at) : read_fact(r, text, at);
}

static struct value read_unary(struct reader *r)
{
	size_t at = r->at;
	int64_t n;
	bool overflow;
	struct value v;

	if (!expr_take(r, "-"))
		return read_primary(r);
	v = read_primary(r);
	want_numbers(r, at, &v, 1);
	overflow = __builtin_sub_overflow(INT64_C(0), v.n, &n);
	return expr_number(r, at, n, overflow);
}

/* Divide and round down, for negative numbers as well: -7 / 2 is -4. */
static struct value expr_divide(struct reader *r, size_t at, int64_t a, int64_t b)
{
	if (r->facts->unknown)
		return expr_number(r, at, 1, false);
	if (b == 0)
		return expr_fail(r, at, "division by zero");
	if (a == INT64_MIN && b == -1)
		return expr_number(r, at, 0, true);
	return expr_number(r, at, a / b - (a % b != 0 && (a < 0) != (b < 0)), false);
}

static struct value expr_compute(struct reader *r, size_t at, char op, struct value a,
                                 struct value b)
{
	struct value both[] = {a, b};
	int64_t n = 0;
	bool overflow = false;

	want_numbers(r, at, both, 2);
	if (r->failed)
		return a;
	switch (op) {
	case '+': overflow = __builtin_add_overflow(a.n, b.n, &n); break;
	case '-': overflow = __builtin_sub_overflow(a.n, b.n, &n); break;
	case '*': overflow = __builtin_mul_overflow(a.n, b.n, &n); break;
	default: return expr_divide(r, at, a.n, b.n);
	}
	return expr_number(r, at, n, overflow);
}

/* Read a chain of operators of equal precedence. Each character of `ops` is one. */
static struct value read_chain(struct reader *r, const char *ops,
                               struct value (*operand)(struct reader *r))
{
	struct value v = operand(r);

	for (;;) {
		size_t at;
		char op;

		skip_blanks(r);
		at = r->at;
		op = r->text[at];
		if (r->failed || !op || !strchr(ops, op))
			return v;
		r->at++;
		v = expr_compute(r, at, op, v, operand(r));
	}
}

static struct value read_product(struct reader *r)
{
	return read_chain(r, "*/", read_unary);
}

static struct value read_sum(struct reader *r)
{
	return read_chain(r, "+-", read_product);
}

static bool holds(const char *op, int64_t a, int64_t b)
{
	switch (op[0]) {
	case '<': return op[1] ? a <= b : a < b;
	case '>': return op[1] ? a >= b : a > b;
	case '=': return a == b;
	default: return a != b;
	}
}

static struct value read_comparison(struct reader *r)
{
	static const char *const ops[] = {"<=", ">=", "==", "!=", "<", ">"};
	struct value a = read_sum(r), b;

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		size_t at = r->at;

		if (!expr_take(r, ops[i]))
			continue;
		b = read_sum(r);
		if (a.type == EXPR_VERSION && b.major)
			b = (struct value){EXPR_VERSION, NUM_VERSION(b.n, 0), false};
		if (a.type != b.type || a.type == EXPR_BOOL)
			return expr_fail(r, at, "the two sides of %s cannot be compared",
			                 ops[i]);
		return (struct value){EXPR_BOOL, holds(ops[i], a.n, b.n), false};
	}
	return a;
}

static void want_bool(struct reader *r, size_t at, struct value v)
{
	if (v.type != EXPR_BOOL)
		(void)expr_fail(r, at, "expected a condition such as kernel >= 6.1");
}

static struct value read_not(struct reader *r)
{
	size_t at = r->at;
	struct value v;
	bool negate = expr_take(r, "not");

	v = read_comparison(r);
	if (negate) {
		want_bool(r, at, v);
		v.n = !v.n;
	}
	return v;
}

static struct value read_logic(struct reader *r, const char *op,
                               struct value (*operand)(struct reader *r))
{
	size_t at = r->at;
	struct value v = operand(r);

	while (expr_take(r, op)) {
		struct value w = operand(r);

		want_bool(r, at, v);
		want_bool(r, at, w);
		v.n = op[0] == 'a' ? (v.n && w.n) : (v.n || w.n);
	}
	return v;
}

static struct value read_and(struct reader *r)
{
	return read_logic(r, "and", read_not);
}

static struct value read_any(struct reader *r)
{
	struct value v;

	if (++r->depth > EXPR_DEPTH_MAX)
		return expr_fail(r, r->at, "nested too deeply (limit: 32 levels)");
	v = read_logic(r, "or", read_and);
	r->depth--;
	return v;
}

int expr_eval(const char *text, const struct expr_facts *facts, enum expr_type type,
              int64_t *ret, struct expr_error *e)
{
	struct reader r = {.text = text, .facts = facts, .error = e};
	struct value v = {0};

	if (strlen(text) > EXPR_LENGTH_MAX)
		(void)expr_fail(&r, 0, "longer than %d characters", EXPR_LENGTH_MAX);
	else
		v = read_any(&r);
	skip_blanks(&r);
	if (!r.failed && text[r.at])
		(void)expr_fail(&r, r.at, "unexpected \"%c\"", text[r.at]);
	if (!r.failed && v.type != type)
		(void)expr_fail(&r, 0,
		                type == EXPR_BOOL ? "should be a condition"
		                                  : "should yield a number");
	if (r.failed)
		return -EINVAL;
	if (!facts->unknown)
		*ret = v.n;
	return 0;
}
