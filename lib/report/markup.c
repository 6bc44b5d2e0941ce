/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/markup.h"

#include "base/macro.h"

#include <stddef.h>
#include <string.h>

/* Well-formed UTF-8 (Unicode 15, table 3-7), by the first byte; the rest is 80..BF. */
static const struct {
	unsigned char first, last; /* of the first byte */
	unsigned char second[2];   /* range of the second byte */
	size_t len;
} sequences[] = {
	{0xc2, 0xdf, {0x80, 0xbf}, 2}, {0xe0, 0xe0, {0xa0, 0xbf}, 3},
	{0xe1, 0xec, {0x80, 0xbf}, 3}, {0xed, 0xed, {0x80, 0x9f}, 3},
	{0xee, 0xef, {0x80, 0xbf}, 3}, {0xf0, 0xf0, {0x90, 0xbf}, 4},
	{0xf1, 0xf3, {0x80, 0xbf}, 4}, {0xf4, 0xf4, {0x80, 0x8f}, 4},
};

static size_t sequence_len(const unsigned char *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++) {
		size_t n = 2;

		if (s[0] < sequences[i].first || s[0] > sequences[i].last)
			continue;
		if (s[1] < sequences[i].second[0] || s[1] > sequences[i].second[1])
			return 0;
		while (n < sequences[i].len && (s[n] & 0xc0) == 0x80)
			n++;
		return n == sequences[i].len ? n : 0;
	}
	return 0;
}

/* Return the length of the character; 0 if XML 1.0 does not have it. */
static size_t markup_char_len(const unsigned char *s)
{
	if (*s < 0x80)
		return *s == '\t' || *s == '\n' || (*s >= ' ' && *s != 0x7f);
	/* U+FFFE and U+FFFF are no characters */
	if (s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe)
		return 0;
	return sequence_len(s);
}

/* A line feed in an attribute would be read as a space. */
static const char *escape_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	case '\n': return "&#10;";
	case '\t': return "&#9;";
	default: return NULL;
	}
}

void markup_text(const char *text, FILE *out)
{
	while (text && *text) {
		size_t len = markup_char_len((const unsigned char *)text);
		const char *escape = escape_of(*text);

		if (len == 0)
			(void)fputs("\xef\xbf\xbd", out);
		else if (escape)
			(void)fputs(escape, out);
		else
			(void)fwrite(text, len, 1, out);
		text += len ? len : 1;
	}
}

void markup_attribute(const char *name, const char *value, FILE *out)
{
	if (!value)
		return;
	(void)fprintf(out, " %s=\"", name);
	markup_text(value, out);
	(void)fputc('"', out);
}
