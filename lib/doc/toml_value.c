/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "doc/toml_reader.h"
#include "doc/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers, truth values, dates -----------------------------------------------------
 */

/* Remove underscores, which must be between digits. Return: false if one is not. */
static bool join_digits(char *word)
{
	const char *digits =
		strncmp(word, "0x", 2) == 0 ? "0123456789abcdefABCDEF" : "0123456789";
	char *to = word;

	for (const char *p = word; *p; p++) {
		if (*p != '_')
			*to++ = *p;
		else if (p == word || !strchr(digits, p[-1]) || !p[1] ||
		         !strchr(digits, p[1]))
			return false;
	}
	*to = '\0';
	return true;
}

static struct node *integer_node(const char *digits, int base)
{
	_free_ char *decimal = NULL;
	long long value;
	char *end;

	errno = 0;
	value = strtoll(digits, &end, base);
	if (errno || *end || end == digits)
		return NULL;
	decimal = mem_format("%lld", value);
	return node_new_plain(decimal);
}

/* 0x10, 0o17, 0b11: without a sign. */
static struct node *prefixed_node(const char *word)
{
	int base = word[1] == 'x' ? 16 : word[1] == 'o' ? 8 : 2;
	const char *digits = base == 16  ? "0123456789abcdefABCDEF"
	                     : base == 8 ? "01234567"
	                                 : "01";

	return word[2] && !word[2 + strspn(word + 2, digits)]
	               ? integer_node(word + 2, base)
	               : NULL;
}

/* [+-]digits, and for a float .digits and e[+-]digits. No leading zero. */
static struct node *number_node(const char *word)
{
	const char *p = word + (*word == '+' || *word == '-');
	size_t whole = strspn(p, "0123456789"), part;
	bool real = false;

	if (whole == 0 || (whole > 1 && *p == '0'))
		return NULL;
	p += whole;
	if (*p == '.') {
		part = strspn(p + 1, "0123456789");
		real = true;
		if (part == 0)
			return NULL;
		p += 1 + part;
	}
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		part = strspn(p, "0123456789");
		real = true;
		if (part == 0)
			return NULL;
		p += part;
	}
	if (*p)
		return NULL;
	return real ? node_new_plain(word + (*word == '+')) : integer_node(word, 10);
}

/* Dates and times have no type in a profile: their text. */
static bool is_date(const char *word)
{
	size_t digits = strspn(word, "0123456789");

	return (digits == 4 && word[4] == '-') || (digits == 2 && word[2] == ':');
}

static struct node *word_node(const char *word)
{
	const char *unsigned_word = word + (*word == '+' || *word == '-');
	_free_ char *copy = mem_dup(word);

	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0)
		return node_new_plain(word);
	if (strcmp(unsigned_word, "inf") == 0 || strcmp(unsigned_word, "nan") == 0 ||
	    is_date(word))
		return node_new_text(word);
	if (!join_digits(copy))
		return NULL;
	if (copy[0] == '0' && copy[1] && strchr("xob", copy[1]))
		return prefixed_node(copy);
	return number_node(copy);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct node *read_word(struct toml_reader *r)
{
	struct place at = toml_place(r);
	const char *start = r->p;
	_free_ char *word = NULL;
	struct node *n;

	while (r->p < r->end && !strchr(" \t\r\n,]}#=", *r->p))
		r->p++;
	/* "1979-05-27 07:32:00" */
	if (r->p - start == 10 && r->end - r->p > 2 && *r->p == ' ' &&
	    is_digit(r->p[1]) && start[4] == '-')
		for (r->p++; r->p < r->end && !strchr(" \t\r\n,]}#=", *r->p);)
			r->p++;
	word = mem_dup_n(start, (size_t)(r->p - start));
	n = word_node(word);
	return n ? n : toml_fail(r, at, "not a TOML value (quote a text)");
}

/* --- lists and inline tables ----------------------------------------------------------
 */

static struct node *toml_read_list(struct toml_reader *r, unsigned depth)
{
	_node_ struct node *list = node_new(NODE_LIST);

	for (r->p++;;) {
		struct node *item;

		toml_skip_lines(r);
		if (toml_accept(r, "]"))
			return TAKE_PTR(list);
		item = toml_read_value(r, depth + 1);
		if (!item)
			return NULL;
		node_append(list, item);
		toml_skip_lines(r);
		if (!toml_accept(r, ",") && (r->p == r->end || *r->p != ']'))
			return toml_fail(r, toml_place(r), "a comma or ] is missing");
	}
}

static struct node *read_inline_table(struct toml_reader *r, unsigned depth)
{
	_node_ struct node *table = node_new(NODE_MAP);

	r->p++;
	toml_skip_blanks(r);
	if (toml_accept(r, "}"))
		return TAKE_PTR(table);
	for (;;) {
		_node_ struct node *key = toml_read_key(r);
		struct node *value;

		if (!key)
			return NULL;
		if (!toml_accept(r, "="))
			return toml_fail(r, toml_place(r), "= is missing after a key");
		toml_skip_blanks(r);
		value = toml_read_value(r, depth + 1);
		if (!value || !toml_set(r, table, key, value))
			return NULL;
		toml_skip_blanks(r);
		if (toml_accept(r, "}"))
			return TAKE_PTR(table);
		if (!toml_accept(r, ","))
			return toml_fail(r, toml_place(r), "a comma or } is missing");
		toml_skip_blanks(r);
	}
}

struct node *toml_read_value(struct toml_reader *r, unsigned depth)
{
	struct place at = toml_place(r);
	_free_ char *text = NULL;
	struct node *n = NULL;

	if (depth > NODE_YAML_DEPTH_MAX)
		return toml_fail_depth(r, at);
	if (r->p == r->end || *r->p == '\n' || *r->p == '\r')
		return toml_fail(r, at, "a value is missing");
	if (*r->p == '"' || *r->p == '\'') {
		text = toml_read_string(r);
		n = text ? node_new_text(text) : NULL;
	} else if (*r->p == '[') {
		n = toml_read_list(r, depth);
	} else if (*r->p == '{') {
		n = read_inline_table(r, depth);
	} else {
		n = read_word(r);
	}
	if (n)
		n->at = at;
	return n;
}
