/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/markup.h"

#include "base/text/display.h"
#include "base/text/utf8.h"

#include <string.h>

/* Whether XML 1.0 has the character, and it does not change how others look. */
static bool markup_has(int32_t code)
{
	if (code == '\t' || code == '\n')
		return true;
	return code >= ' ' && !display_is_control((uint32_t)code) && code != 0xfffe &&
	       code != 0xffff;
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
	const char *end = text ? text + strlen(text) : NULL;

	while (text && text < end) {
		const char *start = text, *escape = escape_of(*text);
		int32_t code = utf8_next(&text, end);

		if (!markup_has(code))
			(void)fputs("\xef\xbf\xbd", out);
		else if (escape)
			(void)fputs(escape, out);
		else
			(void)fwrite(start, (size_t)(text - start), 1, out);
		if (code < 0)
			text++; /* a byte that begins no character */
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
