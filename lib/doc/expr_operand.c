/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/expr_operand.h"

#include "base/num.h"
#include "base/text/suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DIGITS "0123456789"

/* "unknown (known: cpus, memory, ...)", or the nearest name. */
static struct expr_value fail_unknown_fact(struct expr_reader *r, const char *name,
                                           size_t at)
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

static const struct expr_fact *find_fact(const struct expr_reader *r, const char *name)
{
	for (const struct expr_fact *f = r->facts->list; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

struct expr_value expr_read_fact(struct expr_reader *r, const char *name, size_t at)
{
	const struct expr_fact *f = find_fact(r, name);
	struct expr_value v;

	if (!f)
		return fail_unknown_fact(r, name, at);
	if (f->fault)
		return expr_fail(r, at, "\"%s\": %s", name, f->fault);
	if (f->absent && !r->dry)
		return expr_fail(r, at, "\"%s\": %s", name, f->absent);
	v = (struct expr_value){
		.type = f->type, .n = r->dry ? 1 : f->value, .fact = true};
	if (f->type == EXPR_TEXT && f->text) {
		v.text = f->text;
		v.len = strlen(f->text);
	}
	return v;
}

/* Read 'text' or "text" at a quote. */
struct expr_value expr_read_quoted(struct expr_reader *r)
{
	const char *start = r->text + r->at + 1, *end = strchr(start, start[-1]);

	if (!end)
		return expr_fail(r, r->at, "the closing %c is missing", start[-1]);
	r->at = (size_t)(end - r->text) + 1;
	return (struct expr_value){
		.type = EXPR_TEXT, .text = start, .len = (size_t)(end - start)};
}

/* Report what looks like a number and is none.
 */
static struct expr_value expr_fail_size(struct expr_reader *r, const char *text,
                                        size_t at)
{
	char hint[NUM_HINT_BYTES];

	num_size_hint(text, hint);
	return expr_fail(r, at, "\"%s\": not a number or a size such as 16MiB%s", text,
	                 hint);
}

/* A fact has no patch level, so a third number would be compared with nothing. */
static struct expr_value expr_read_version(struct expr_reader *r, const char *text,
                                           size_t at)
{
	size_t major = strspn(text, DIGITS);
	const char *minor = text + major + (text[major] == '.');
	size_t len = strspn(minor, DIGITS);
	unsigned version = num_version(text);

	if (major == 0 || len == 0 || version == 0 || text[strspn(text, DIGITS ".")])
		return expr_fail(r, at, "\"%s\": not a version such as 6.1", text);
	if (minor[len])
		return expr_fail(r, at,
		                 "\"%s\": not a version such as 6.1 (two numbers: patch "
		                 "levels are not compared)",
		                 text);
	return (struct expr_value){.type = EXPR_VERSION, .n = version};
}

/* Read 12, 16MiB, or a version such as 6.1. */
struct expr_value expr_read_number(struct expr_reader *r, const char *text, size_t at)
{
	struct expr_value v;
	uint64_t n;
	int code;

	if (strchr(text, '.'))
		return expr_read_version(r, text, at);
	code = num_size(text, &n);
	if (code == -EINVAL)
		return expr_fail_size(r, text, at);
	v = expr_number(r, at, (int64_t)n, code < 0 || n > INT64_MAX);
	v.major = !text[strspn(text, DIGITS)] && v.n < 1000;
	return v;
}

/* Read what a text is compared with: 'aws-k8s-1.31', or one word without quotes. */
struct expr_value expr_read_text(struct expr_reader *r)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._-";
	char name[EXPR_NAME_BYTES];
	size_t at, len;

	expr_skip_blanks(r);
	at = r->at;
	if (r->text[at] == '\'' || r->text[at] == '"')
		return expr_read_quoted(r);
	len = strspn(r->text + at, letters);
	if (len == 0)
		return expr_fail(r, at, "expected a text, such as aarch64 or 'a b'");
	(void)snprintf(name, sizeof(name), "%.*s", (int)len, r->text + at);
	if (find_fact(r, name))
		return expr_fail(
			r, at, "\"%s\": is a fact; quote it if you mean the text", name);
	r->at += len;
	return (struct expr_value){.type = EXPR_TEXT, .text = r->text + at, .len = len};
}
