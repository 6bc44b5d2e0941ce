/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/expr_reader.h"

#include "base/num.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Record the first error, which stops the evaluation. */
_printf_(3, 4) struct expr_value
	expr_fail(struct expr_reader *r, size_t at, const char *fmt, ...)
{
	va_list ap;

	if (!r->failed) {
		r->failed = true;
		r->error->at = at;
		va_start(ap, fmt);
		(void)vsnprintf(r->error->text, sizeof(r->error->text), fmt, ap);
		va_end(ap);
	}
	return (struct expr_value){0};
}

void expr_skip_blanks(struct expr_reader *r)
{
	while (r->text[r->at] == ' ')
		r->at++;
}

/* Consume `token` if it comes next. "or" does not match the start of "order". */
bool expr_take(struct expr_reader *r, const char *token)
{
	size_t len = strlen(token);

	expr_skip_blanks(r);
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
bool expr_fail_cut_size(struct expr_reader *r)
{
	size_t start = r->at, end = r->at + 1;
	char text[EXPR_NAME_BYTES], hint[NUM_HINT_BYTES];

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

void expr_expect(struct expr_reader *r, const char *token)
{
	if (!expr_take(r, token) && !r->failed && !expr_fail_cut_size(r))
		(void)expr_fail(r, r->at, "\"%s\" is missing", token);
}

/* Copy a word of letters, digits, dots and underscores. Return: its length. */
size_t expr_word(struct expr_reader *r, char *ret)
{
	size_t len = 0;

	expr_skip_blanks(r);
	while (len < EXPR_NAME_BYTES - 1 &&
	       (isalnum((unsigned char)r->text[r->at + len]) ||
	        r->text[r->at + len] == '_' || r->text[r->at + len] == '.'))
		len++;
	memcpy(ret, r->text + r->at, len);
	ret[len] = '\0';
	return len;
}

void expr_want_numbers(struct expr_reader *r, size_t at, const struct expr_value *a,
                       size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].type != EXPR_NUMBER)
			(void)expr_fail(r, at, "expected a number");
}

struct expr_value expr_number(struct expr_reader *r, size_t at, int64_t n, bool overflow)
{
	if (overflow && !r->dry)
		return expr_fail(r, at, "the result does not fit in 64 bits");
	return (struct expr_value){.type = EXPR_NUMBER, .n = overflow ? 1 : n};
}
