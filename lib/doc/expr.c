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

#define NAME_BYTES 128
#define ARGS_MAX   16

struct value {
	enum expr_type type;
	int64_t n;
	bool major; /* a literal that can be a major version: kernel >= 6 */

	/* EXPR_TEXT */
	const char *text; /* borrowed; NULL: unknown */
	size_t len;
	bool fact; /* not a literal */
};

struct reader {
	const char *text;
	size_t at, depth;
	enum expr_type type; /* what the whole text must yield */
	const struct expr_facts *facts;
	struct expr_error *error;
	bool failed;
	bool dry; /* check, do not compute: no facts, or `and` and `or` are decided */
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

/* Report a size that a blank or a % follows: "16 MiB", "10%". Return: whether it is one.
 */
static bool fail_cut_size(struct reader *r)
{
	size_t start = r->at, end = r->at + 1;
	char text[NAME_BYTES], hint[NUM_HINT_BYTES];

	while (start > 0 && r->text[start - 1] == ' ')
		start--;
	while (start > 0 && isdigit((unsigned char)r->text[start - 1]))
		start--;
	while (isalpha((unsigned char)r->text[r->at]) &&
	       isalpha((unsigned char)r->text[end]))
		end++;
	(void)snprintf(text, sizeof(text), "%.*s", (int)(end - start), r->text + start);
	num_size_hint(text, hint);
	if (*hint)
		(void)expr_fail(r, start,
		                "\"%s\": not a number or a size such as 16MiB%s", text,
		                hint);
	return *hint;
}

static void expect(struct reader *r, const char *token)
{
	if (!expr_take(r, token) && !r->failed && !fail_cut_size(r))
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
	if (overflow && !r->dry)
		return expr_fail(r, at, "the result does not fit in 64 bits");
	return (struct value){.type = EXPR_NUMBER, .n = overflow ? 1 : n};
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
	if (a[1].n > a[2].n && !r->dry)
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
	return expr_fail(r, at,
	                 "function \"%s\": unknown (known: min, max, clamp, round, "
	                 "pow2ceil)",
	                 name);
}

/* "unknown (known: cpus, memory, ...)", or the nearest name. */
static struct value fail_unknown_fact(struct reader *r, const char *name, size_t at)
{
	struct suggest near = {.typed = name};
	char names[EXPR_ERROR_BYTES] = "";
	size_t len = 0;

	for (const struct expr_fact *f = r->facts->list; f->name; f++) {
		suggest_offer(&near, f->name);
		if (f->fault || (r->type == EXPR_NUMBER && f->type != EXPR_NUMBER))
			continue;
		if (len < sizeof(names))
			len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
			                        len ? ", " : "", f->name);
	}
	if (near.best)
		return expr_fail(r, at, "\"%s\": unknown (did you mean \"%s\"?)", name,
		                 near.best);
	return expr_fail(r, at, "\"%s\": unknown (known: %s)", name, names);
}

static const struct expr_fact *find_fact(const struct reader *r, const char *name)
{
	for (const struct expr_fact *f = r->facts->list; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static struct value read_fact(struct reader *r, const char *name, size_t at)
{
	const struct expr_fact *f = find_fact(r, name);
	struct value v;

	if (!f)
		return fail_unknown_fact(r, name, at);
	if (f->fault)
		return expr_fail(r, at, "\"%s\": %s", name, f->fault);
	if (f->absent && !r->dry)
		return expr_fail(r, at, "\"%s\": %s", name, f->absent);
	v = (struct value){.type = f->type, .n = r->dry ? 1 : f->value, .fact = true};
	if (f->type == EXPR_TEXT && f->text) {
		v.text = f->text;
		v.len = strlen(f->text);
	}
	return v;
}

/* Read 'text' or "text" at a quote. */
static struct value read_quoted(struct reader *r)
{
	const char *start = r->text + r->at + 1, *end = strchr(start, start[-1]);

	if (!end)
		return expr_fail(r, r->at, "the closing %c is missing", start[-1]);
	r->at = (size_t)(end - r->text) + 1;
	return (struct value){
		.type = EXPR_TEXT, .text = start, .len = (size_t)(end - start)};
}

/* Report what looks like a number and is none. "16 MiB" and "10%" are more than a word.
 */
static struct value expr_fail_size(struct reader *r, const char *text, size_t at)
{
	char hint[NUM_HINT_BYTES];

	num_size_hint(text, hint);
	return expr_fail(r, at, "\"%s\": not a number or a size such as 16MiB%s", text,
	                 hint);
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
		return (struct value){.type = EXPR_VERSION, .n = version};
	}
	code = num_size(text, &n);
	if (code == -EINVAL)
		return expr_fail_size(r, text, at);
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
	if (len == 0 && (r->text[at] == '\'' || r->text[at] == '"'))
		return read_quoted(r);
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
	if (r->dry)
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

/* Read what a text is compared with: 'aws-k8s-1.31', or one word without quotes. */
static struct value read_text(struct reader *r)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._-";
	char name[NAME_BYTES];
	size_t at, len;

	skip_blanks(r);
	at = r->at;
	if (r->text[at] == '\'' || r->text[at] == '"')
		return read_quoted(r);
	len = strspn(r->text + at, letters);
	if (len == 0)
		return expr_fail(r, at, "expected a text, such as aarch64 or 'a b'");
	(void)snprintf(name, sizeof(name), "%.*s", (int)len, r->text + at);
	if (find_fact(r, name))
		return expr_fail(
			r, at, "\"%s\": is a fact; quote it if you mean the text", name);
	r->at += len;
	return (struct value){.type = EXPR_TEXT, .text = r->text + at, .len = len};
}

static struct value compare_texts(struct reader *r, size_t at, const char *op,
                                  struct value a)
{
	struct value b = a.fact ? read_text(r) : read_sum(r);
	bool same;

	if (r->failed)
		return b;
	if (b.type != EXPR_TEXT || a.fact == b.fact)
		return expr_fail(r, at, "compare one fact that is a text with one text");
	if (op[1] != '=' || (op[0] != '=' && op[0] != '!'))
		return expr_fail(r, at, "compare texts with == or !=");
	same = a.len == b.len && a.text && b.text && memcmp(a.text, b.text, a.len) == 0;
	return (struct value){.type = EXPR_BOOL, .n = same == (op[0] == '=')};
}

static struct value compare_numbers(struct reader *r, size_t at, const char *op,
                                    struct value a)
{
	struct value b = read_sum(r);

	if (a.type == EXPR_VERSION && b.major)
		b = (struct value){.type = EXPR_VERSION, .n = NUM_VERSION(b.n, 0)};
	if (b.type == EXPR_VERSION && a.major)
		a = (struct value){.type = EXPR_VERSION, .n = NUM_VERSION(a.n, 0)};
	if (a.type != b.type || a.type == EXPR_BOOL)
		return expr_fail(r, at, "the two sides of %s cannot be compared", op);
	return (struct value){.type = EXPR_BOOL, .n = holds(op, a.n, b.n)};
}

static struct value read_comparison(struct reader *r)
{
	static const char *const ops[] = {"<=", ">=", "==", "!=", "<", ">"};
	struct value a = read_sum(r);

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		size_t at = r->at;

		if (expr_take(r, ops[i]))
			return a.type == EXPR_TEXT ? compare_texts(r, at, ops[i], a)
			                           : compare_numbers(r, at, ops[i], a);
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

/* What follows a false side of `and`, or a true side of `or`, is only checked. */
static struct value read_logic(struct reader *r, const char *op,
                               struct value (*operand)(struct reader *r))
{
	bool dry = r->dry, is_or = op[0] == 'o';
	size_t at = r->at;
	struct value v = operand(r);

	while (expr_take(r, op)) {
		struct value w;

		want_bool(r, at, v);
		r->dry = dry || (v.n != 0) == is_or;
		w = operand(r);
		r->dry = dry;
		want_bool(r, at, w);
		v.n = is_or ? v.n || w.n : v.n && w.n;
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
	struct reader r = {.text = text,
	                   .type = type,
	                   .facts = facts,
	                   .error = e,
	                   .dry = facts->unknown};
	struct value v = {0};

	if (strlen(text) > EXPR_LENGTH_MAX)
		(void)expr_fail(&r, 0, "longer than %d characters", EXPR_LENGTH_MAX);
	else
		v = read_any(&r);
	skip_blanks(&r);
	if (!r.failed && text[r.at] && !fail_cut_size(&r))
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
