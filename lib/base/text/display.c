/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/display.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DOTS "..."

/* --- characters ----------------------------------------------------------------------
 */

#define CHARACTER_MAX 4 /* bytes */

/*
 * Decode one character of UTF-8, which is not empty. Return: its bytes; 0 if it is none:
 * cut short, longer than needed, a surrogate, or too large.
 */
static size_t decode(const char *text, uint32_t *ret)
{
	const char *next = text;
	int32_t code = utf8_next(&next, text + strnlen(text, CHARACTER_MAX));

	*ret = (uint32_t)code;
	return (size_t)(next - text);
}

struct range {
	uint32_t first, last;
};

static bool is_in(const struct range *list, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= list[i].first && c <= list[i].last)
			return true;
	return false;
}

bool display_is_control(uint32_t c)
{
	static const struct range controls[] = {
		{0x00, 0x1f},     {0x7f, 0x9f},      {0xad, 0xad},     {0x61c, 0x61c},
		{0x200b, 0x200f}, {0x2028, 0x202e},  {0x2060, 0x206f}, {0xfeff, 0xfeff},
		{0xfff9, 0xfffb}, {0xe0000, 0xe0fff}};

	return is_in(controls, ARRAY_SIZE(controls), c);
}

/* Columns of a terminal: Unicode's East Asian Width, and marks on other characters. */
static size_t columns(uint32_t c)
{
	static const struct range none[] = {
		{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},
		{0x64b, 0x65f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff},
		{0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
	static const struct range two[] = {
		{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},
		{0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
		{0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
		{0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
		{0x20000, 0x3fffd}};

	if (c < 0x300)
		return 1;
	return is_in(none, ARRAY_SIZE(none), c) ? 0
	       : is_in(two, ARRAY_SIZE(two), c) ? 2
	                                        : 1;
}

static void add_escape(struct buf *b, uint32_t c, bool byte)
{
	if (c == '\n' || c == '\t' || c == '\r')
		buf_add(b, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
	else if (c < 0x80 || byte)
		buf_addf(b, "\\x%02x", c);
	else
		buf_addf(b, "\\u%04x", c);
}

char *display_text(const char *text)
{
	_buf_ struct buf b = {0};

	if (!text)
		return NULL;
	while (*text) {
		uint32_t c;
		size_t n = decode(text, &c);

		if (n == 0)
			add_escape(&b, (unsigned char)*text, true);
		else if (display_is_control(c))
			add_escape(&b, c, false);
		else
			buf_add_n(&b, text, n);
		text += n ? n : 1;
	}
	return buf_take(&b);
}

/* --- columns -------------------------------------------------------------------------
 */

/* The next character: its bytes, at least 1, and its columns. */
static size_t step(const char *text, size_t *ret_columns)
{
	uint32_t c;
	size_t n = decode(text, &c);

	*ret_columns = n ? columns(c) : 1;
	return n ? n : 1;
}

/* The bytes from `text` on that fit into `width` columns, and how many these take. */
static size_t fit(const char *text, size_t len, size_t width, size_t *ret_columns)
{
	size_t used = 0, n = 0, wide;

	while (n < len) {
		size_t bytes = step(text + n, &wide);

		if (used + wide > width)
			break;
		used += wide;
		n += bytes;
	}
	*ret_columns = used;
	return n;
}

static size_t width_of(const char *text, size_t len)
{
	size_t used;

	(void)fit(text, len, SIZE_MAX, &used);
	return used;
}

size_t display_width(const char *text)
{
	return width_of(text, strlen(text));
}

char *display_shorten(const char *text, size_t width)
{
	size_t len = strlen(text), all = width_of(text, len), head, used, wide, tail = 0;

	if (all <= width)
		return mem_dup(text);
	if (width <= strlen(DOTS))
		return mem_dup_n(text, fit(text, len, width, &used));
	width -= strlen(DOTS);
	head = fit(text, len, width - width / 2, &used);
	/* drop characters until the rest fits behind it */
	for (size_t left = all; left > width - used; left -= wide)
		tail += step(text + tail, &wide);
	return mem_format("%.*s" DOTS "%s", (int)head, text, text + tail);
}

static void add_blanks(struct buf *b, size_t n)
{
	buf_addf(b, "%*s", (int)n, "");
}

void display_pad(struct buf *b, const char *text, size_t width)
{
	size_t used = display_width(text);

	buf_add(b, text);
	add_blanks(b, used < width ? width - used : 0);
}

void display_pad_right(struct buf *b, const char *text, size_t width)
{
	size_t used = display_width(text);

	add_blanks(b, used < width ? width - used : 0);
	buf_add(b, text);
}

/* --- lines ---------------------------------------------------------------------------
 */

static void new_line(struct buf *b, size_t indent)
{
	buf_add(b, "\n");
	add_blanks(b, indent);
}

void display_wrap(struct buf *b, const char *text, size_t at, size_t indent, size_t width)
{
	bool starts = true; /* at the start of a line: no blank before a word */

	for (size_t len; *text; text += len + strspn(text + len, " ")) {
		size_t used, wide;

		len = strcspn(text, " ");
		wide = width_of(text, len);
		if (at + !starts + wide > width && at > indent) {
			new_line(b, indent);
			at = indent;
			starts = true;
		}
		if (!starts)
			buf_add(b, " ");
		at += !starts;
		/* longer than a line */
		if (at + wide > width && width > indent + 1) {
			len = fit(text, len, width - at, &used);
			wide = used;
		}
		buf_add_n(b, text, len);
		at += wide;
		starts = false;
	}
}
