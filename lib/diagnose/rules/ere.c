/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/ere.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* --- parts ---------------------------------------------------------------------------
 */

const char *ere_skip_class(const char *p)
{
	p += p[1] == '^' ? 2 : 1;
	p += *p == ']';
	for (; *p && *p != ']'; p++) {
		const char *end;

		if (*p != '[' || !p[1] || !strchr(":.=", p[1]))
			continue;
		/* a class such as [:digit:] */
		end = strchr(p + 2, ']');
		if (!end)
			return p + strlen(p);
		p = end;
	}
	return *p ? p + 1 : p;
}

static const char *skip_group(const char *p)
{
	for (unsigned depth = 0; *p;) {
		if (*p == '[') {
			p = ere_skip_class(p);
			continue;
		}
		if (*p == '\\' && p[1]) {
			p += 2;
			continue;
		}
		depth += *p == '(';
		if (*p++ == ')' && --depth == 0)
			break;
	}
	return p;
}

/* --- the size ------------------------------------------------------------------------
 */

/*
 * How many copies "{2,9}" makes, the larger number; *at moves behind it. Without an end,
 * as in "{2,}", glibc makes one more.
 */
static uint64_t read_interval(const char **at)
{
	uint64_t times = 1, n = 0;
	const char *p = *at + 1;

	for (; *p && *p != '}'; p++) {
		n = isdigit((unsigned char)*p) ? n * 10 + (uint64_t)(*p - '0') : 0;
		n = n < ERE_SIZE_MAX ? n : ERE_SIZE_MAX;
		times = n > times ? n : times;
	}
	times += p[-1] == ',';
	*at = *p ? p + 1 : p;
	return times;
}

/* The same for any operator that repeats what is before it: glibc reads "x+" as "xx*". */
static uint64_t read_repeat(const char **at)
{
	if (**at == '{')
		return read_interval(at);
	return *(*at)++ == '+' ? 2 : 1;
}

static bool repeats(char c)
{
	return c && strchr("*+?{", c);
}

/* Of what is up to the end of a group, or of the expression. */
static uint64_t size_of(const char **at)
{
	uint64_t all = 0;

	while (**at && **at != ')') {
		uint64_t one = 1;

		if (**at == '[') {
			*at = ere_skip_class(*at);
		} else if (**at == '(') {
			(*at)++;
			one = size_of(at);
			*at += **at == ')';
		} else {
			*at += **at == '\\' && (*at)[1] ? 2 : 1;
		}
		/* operators one behind another nest: a thousand take seconds */
		for (uint64_t each = 1; repeats(**at); each = 2) {
			one *= each * read_repeat(at);
			one = one < ERE_SIZE_MAX ? one : ERE_SIZE_MAX;
		}
		all = all + one < ERE_SIZE_MAX ? all + one : ERE_SIZE_MAX;
	}
	return all;
}

uint64_t ere_size(const char *ere)
{
	uint64_t all = size_of(&ere);

	/* a ")" without "(" is a character */
	while (*ere && all < ERE_SIZE_MAX) {
		ere++;
		all += 1 + size_of(&ere);
	}
	return all < ERE_SIZE_MAX ? all : ERE_SIZE_MAX;
}

/* --- the literal ---------------------------------------------------------------------
 */

struct runs {
	struct buf run, best;
};

static void end_run(struct runs *r)
{
	if (r->run.len > r->best.len) {
		r->best.len = 0;
		buf_add_n(&r->best, r->run.text, r->run.len);
	}
	r->run.len = 0;
}

/* "?", "*" and "{", also behind "+", allow the character before them to be missing. */
static void end_before_last(struct runs *r)
{
	if (r->run.len > 0)
		r->run.len--;
	end_run(r);
}

/* Whether what is before the operators at `p`, if there are any, may be missing. */
static bool is_optional(const char *p)
{
	p += strspn(p, "+");
	return repeats(*p);
}

/*
 * Whether each match contains the group that begins at `p` as it is written: no
 * alternatives, and not optional.
 */
static bool is_plain_group(const char *p)
{
	const char *end = skip_group(p);

	for (const char *s = p + 1; s < end;) {
		if (*s == '|')
			return false;
		if (*s == '(')
			s = skip_group(s);
		else if (*s == '[')
			s = ere_skip_class(s);
		else
			s += *s == '\\' && s[1] ? 2 : 1;
	}
	return !is_optional(end);
}

/* Read an escape: \w, \b and others of alphabetic name are classes or anchors. */
static const char *read_escape(struct runs *r, const char *p)
{
	if (isalnum((unsigned char)p[1]) || strchr("<>`'", p[1]))
		end_run(r);
	else
		buf_add_n(&r->run, p + 1, 1);
	return p + 2;
}

/* Return the longest text that each match contains; NULL: none is long enough. */
char *ere_literal(const char *ere, size_t min)
{
	struct runs r = {{0}, {0}};
	bool alternatives = false;
	char *literal = NULL;

	for (const char *p = ere; *p && !alternatives;) {
		if ((*p == '(' && !is_plain_group(p)) || *p == '[') {
			end_run(&r);
			p = *p == '(' ? skip_group(p) : ere_skip_class(p);
			continue;
		}
		if (*p == '\\' && p[1]) {
			p = read_escape(&r, p);
			continue;
		}
		if (is_optional(p))
			end_before_last(&r);
		else if (strchr(".^$+", *p))
			end_run(&r);
		else if (*p == '|')
			alternatives = true;
		else if (*p != '(' && *p != ')')
			buf_add_n(&r.run, p, 1);
		if (*p == '{')
			p += strcspn(p, "}");
		p += *p != '\0';
	}
	end_run(&r);
	if (!alternatives && r.best.len >= min)
		literal = mem_dup_n(r.best.text, r.best.len);
	buf_done(&r.run);
	buf_done(&r.best);
	return literal;
}
