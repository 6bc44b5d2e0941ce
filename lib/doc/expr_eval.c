/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/expr.h"

#include "base/num.h"
#include "doc/expr_function.h"
#include "doc/expr_operand.h"
#include "doc/expr_reader.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* --- grammar, from the highest to the lowest precedence -------------------------------
 */

static struct expr_value read_any(struct expr_reader *r);

static struct expr_value read_call(struct expr_reader *r, const char *name, size_t at)
{
	struct expr_value args[EXPR_ARGS_MAX];
	size_t n = 0;

	do {
		if (n == EXPR_ARGS_MAX)
			return expr_fail(r, r->at, "%s: too many arguments", name);
		args[n++] = read_any(r);
	} while (expr_take(r, ","));
	expr_expect(r, ")");
	return expr_call(r, name, at, args, n);
}

static struct expr_value read_primary(struct expr_reader *r)
{
	char text[EXPR_NAME_BYTES];
	size_t at, len;
	struct expr_value v;

	if (expr_take(r, "(")) {
		v = read_any(r);
		expr_expect(r, ")");
		return v;
	}
	len = expr_word(r, text);
	at = r->at;
	if (len == 0 && (r->text[at] == '\'' || r->text[at] == '"'))
		return expr_read_quoted(r);
	if (len == 0 && !r->text[at])
		return expr_fail(r, at, "a value is missing");
	if (len == 0)
		return expr_fail(r, at, "unexpected \"%c\"", r->text[at]);
	r->at += len;
	if (isdigit((unsigned char)text[0]))
		return expr_read_number(r, text, at);
	return expr_take(r, "(") ? read_call(r, text, at) : expr_read_fact(r, text, at);
}

static struct expr_value read_unary(struct expr_reader *r)
{
	size_t at = r->at;
	int64_t n;
	bool overflow;
	struct expr_value v;

	if (!expr_take(r, "-"))
		return read_primary(r);
	v = read_primary(r);
	expr_want_numbers(r, at, &v, 1);
	overflow = __builtin_sub_overflow(INT64_C(0), v.n, &n);
	return expr_number(r, at, n, overflow);
}

/* Divide and round down, for negative numbers as well: -7 / 2 is -4. */
static struct expr_value expr_divide(struct expr_reader *r, size_t at, int64_t a,
                                     int64_t b)
{
	if (r->dry)
		return expr_number(r, at, 1, false);
	if (b == 0)
		return expr_fail(r, at, "division by zero");
	if (a == INT64_MIN && b == -1)
		return expr_number(r, at, 0, true);
	return expr_number(r, at, a / b - (a % b != 0 && (a < 0) != (b < 0)), false);
}

static struct expr_value expr_compute(struct expr_reader *r, size_t at, char op,
                                      struct expr_value a, struct expr_value b)
{
	struct expr_value both[] = {a, b};
	int64_t n = 0;
	bool overflow = false;

	expr_want_numbers(r, at, both, 2);
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
static struct expr_value read_chain(struct expr_reader *r, const char *ops,
                                    struct expr_value (*operand)(struct expr_reader *r))
{
	struct expr_value v = operand(r);

	for (;;) {
		size_t at;
		char op;

		expr_skip_blanks(r);
		at = r->at;
		op = r->text[at];
		if (r->failed || !op || !strchr(ops, op))
			return v;
		r->at++;
		v = expr_compute(r, at, op, v, operand(r));
	}
}

static struct expr_value read_product(struct expr_reader *r)
{
	return read_chain(r, "*/", read_unary);
}

static struct expr_value read_sum(struct expr_reader *r)
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

static struct expr_value compare_texts(struct expr_reader *r, size_t at, const char *op,
                                       struct expr_value a)
{
	struct expr_value b = a.fact ? expr_read_text(r) : read_sum(r);
	bool same;

	if (r->failed)
		return b;
	if (b.type != EXPR_TEXT || a.fact == b.fact)
		return expr_fail(r, at, "compare one fact that is a text with one text");
	if (op[1] != '=' || (op[0] != '=' && op[0] != '!'))
		return expr_fail(r, at, "compare texts with == or !=");
	same = a.len == b.len && a.text && b.text && memcmp(a.text, b.text, a.len) == 0;
	return (struct expr_value){.type = EXPR_BOOL, .n = same == (op[0] == '=')};
}

static struct expr_value compare_numbers(struct expr_reader *r, size_t at, const char *op,
                                         struct expr_value a)
{
	struct expr_value b = read_sum(r);

	if (a.type == EXPR_VERSION && b.major)
		b = (struct expr_value){.type = EXPR_VERSION, .n = NUM_VERSION(b.n, 0)};
	if (b.type == EXPR_VERSION && a.major)
		a = (struct expr_value){.type = EXPR_VERSION, .n = NUM_VERSION(a.n, 0)};
	if (a.type != b.type || a.type == EXPR_BOOL)
		return expr_fail(r, at, "the two sides of %s cannot be compared", op);
	return (struct expr_value){.type = EXPR_BOOL, .n = holds(op, a.n, b.n)};
}

static struct expr_value read_comparison(struct expr_reader *r)
{
	static const char *const ops[] = {"<=", ">=", "==", "!=", "<", ">"};
	struct expr_value a = read_sum(r);

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		size_t at = r->at;

		if (expr_take(r, ops[i]))
			return a.type == EXPR_TEXT ? compare_texts(r, at, ops[i], a)
			                           : compare_numbers(r, at, ops[i], a);
	}
	return a;
}

static void want_bool(struct expr_reader *r, size_t at, struct expr_value v)
{
	if (v.type != EXPR_BOOL)
		(void)expr_fail(r, at, "expected a condition such as kernel >= 6.1");
}

static struct expr_value read_not(struct expr_reader *r)
{
	size_t at = r->at;
	struct expr_value v;
	bool negate = expr_take(r, "not");

	v = read_comparison(r);
	if (negate) {
		want_bool(r, at, v);
		v.n = !v.n;
	}
	return v;
}

/* What follows a false side of `and`, or a true side of `or`, is only checked. */
static struct expr_value read_logic(struct expr_reader *r, const char *op,
                                    struct expr_value (*operand)(struct expr_reader *r))
{
	bool dry = r->dry, is_or = op[0] == 'o';
	size_t at = r->at;
	struct expr_value v = operand(r);

	while (expr_take(r, op)) {
		struct expr_value w;

		want_bool(r, at, v);
		r->dry = dry || (v.n != 0) == is_or;
		w = operand(r);
		r->dry = dry;
		want_bool(r, at, w);
		v.n = is_or ? v.n || w.n : v.n && w.n;
	}
	return v;
}

static struct expr_value read_and(struct expr_reader *r)
{
	return read_logic(r, "and", read_not);
}

static struct expr_value read_any(struct expr_reader *r)
{
	struct expr_value v;

	if (++r->depth > EXPR_DEPTH_MAX)
		return expr_fail(r, r->at, "nested too deeply (limit: 32 levels)");
	v = read_logic(r, "or", read_and);
	r->depth--;
	return v;
}

int expr_eval(const char *text, const struct expr_facts *facts, enum expr_type type,
              int64_t *ret, struct expr_error *e)
{
	struct expr_reader r = {.text = text,
	                        .type = type,
	                        .facts = facts,
	                        .error = e,
	                        .dry = facts->unknown};
	struct expr_value v = {0};

	if (strlen(text) > EXPR_LENGTH_MAX)
		(void)expr_fail(&r, 0, "longer than %d characters", EXPR_LENGTH_MAX);
	else
		v = read_any(&r);
	expr_skip_blanks(&r);
	if (!r.failed && text[r.at] && !expr_fail_cut_size(&r))
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
