/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Strings of TOML: in quotes or apostrophes, in one line or several. */
#include "base/text/buf.h"
#include "base/text/utf8.h"
#include "doc/toml_reader.h"

#include <string.h>

/* \uXXXX or \UXXXXXXXX, behind the letter. */
static bool read_code(struct toml_reader *r, size_t digits, struct buf *b)
{
	uint32_t code = 0;

	for (size_t i = 0; i < digits; i++, r->p++) {
		static const char all[] = "0123456789abcdef";
		const char *digit;

		if (r->p == r->end)
			return false;
		digit = memchr(all,
		               *r->p >= 'A' && *r->p <= 'F' ? *r->p - 'A' + 'a' : *r->p,
		               16);
		if (!digit)
			return false;
		code = code << 4 | (uint32_t)(digit - all);
	}
	return code > 0 && utf8_add(b, code);
}

/* A backslash at the end of a line: skip white space up to the next character. */
static bool skip_line_end(struct toml_reader *r)
{
	const char *p = r->p;

	while (p < r->end && strchr(" \t\r", *p))
		p++;
	if (p == r->end || *p != '\n')
		return false;
	for (; p < r->end && strchr(" \t\r\n", *p); p++) {
		if (*p != '\n')
			continue;
		r->line++;
		r->line_start = p + 1;
	}
	r->p = p;
	return true;
}

static bool read_escape(struct toml_reader *r, bool lines, struct buf *b)
{
	static const char letters[] = "btnfr\"\\", codes[] = "\b\t\n\f\r\"\\";
	struct place at = toml_place(r);
	const char *known;

	r->p++;
	if (lines && skip_line_end(r))
		return true;
	known = r->p < r->end && *r->p ? strchr(letters, *r->p) : NULL;
	if (known) {
		buf_add_n(b, &codes[known - letters], 1);
		r->p++;
		return true;
	}
	if (r->p < r->end && (*r->p == 'u' || *r->p == 'U') &&
	    read_code(r, *r->p++ == 'u' ? 4 : 8, b))
		return true;
	(void)toml_fail(r, at, "unknown escape in a string");
	return false;
}

static void add_char(struct toml_reader *r, struct buf *b)
{
	/* a line ends in a line feed, however the file writes it */
	if (*r->p == '\n') {
		r->line++;
		r->line_start = r->p + 1;
	}
	if (*r->p != '\r')
		buf_add_n(b, r->p, 1);
	r->p++;
}

/* Up to two quotes may stand right before the closing three. */
static void add_quotes(struct toml_reader *r, char quote, struct buf *b)
{
	for (int i = 0; i < 2 && r->p < r->end && *r->p == quote; i++, r->p++)
		buf_add_n(b, r->p, 1);
}

char *toml_read_string(struct toml_reader *r)
{
	struct place at = toml_place(r);
	_buf_ struct buf b = {0};
	char quote = *r->p;
	const char triple[] = {quote, quote, quote, '\0'};
	bool lines = toml_accept(r, triple);
	const char *mark = lines ? triple : triple + 2;

	if (!lines)
		r->p++;
	else if (!toml_accept(r, "\r\n") && r->p < r->end && *r->p == '\n')
		r->p++;
	if (lines && r->p[-1] == '\n') {
		r->line++;
		r->line_start = r->p;
	}
	while (r->p < r->end && (lines || *r->p != '\n')) {
		if (toml_accept(r, mark)) {
			if (lines)
				add_quotes(r, quote, &b);
			return buf_take(&b);
		}
		if (*r->p == '\\' && quote == '"') {
			if (!read_escape(r, lines, &b))
				return NULL;
		} else {
			add_char(r, &b);
		}
	}
	return toml_fail(r, at, "string without its closing quote");
}
