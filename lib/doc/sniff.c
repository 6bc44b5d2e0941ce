/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/sniff.h"

#include <stdbool.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* Fewer letters could be a word. */
#define BASE64_LEN_MIN 16

static bool is_gzip(const char *text, size_t len)
{
	return len >= 2 && memcmp(text, "\x1f\x8b", 2) == 0;
}

/* A mapping has a colon, or a question mark and line ends: neither is base64. */
static bool is_base64(const char *text, size_t len)
{
	size_t letters = 0, padding = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' || text[i] == '\r')
			continue;
		if (text[i] == '=')
			padding++;
		else if (padding > 0 || !text[i] || !strchr(LETTERS "+/", text[i]))
			return false;
		else
			letters++;
	}
	return letters >= BASE64_LEN_MIN && padding <= 2 && (letters + padding) % 4 == 0;
}

/* The first line that says something, and its length up to the line's end. */
static const char *sniff_first_line(const char *text, size_t len, size_t *ret_len)
{
	const char *end = text + len, *p = text, *line_end;

	for (; p < end; p = line_end) {
		while (p < end && strchr(" \t\r\n", *p))
			p++;
		line_end = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
		if (!line_end)
			line_end = end;
		if (p < end && *p != '#') {
			*ret_len = (size_t)(line_end - p);
			return p;
		}
	}
	return NULL;
}

/* "[settings.x]" or "key = value": a profile, being a mapping, begins with neither. */
static bool is_toml(const char *text, size_t len)
{
	size_t line_len = 0, i = 0;
	const char *line = sniff_first_line(text, len, &line_len);

	if (!line)
		return false;
	while (i < line_len && line[i] && strchr(LETTERS "_-.\"'/ \t", line[i]))
		i++;
	if (line[0] == '[')
		return line_len > 1 &&
		       (line[1] == '[' || strchr(LETTERS "\"", line[1])) &&
		       memchr(line, ']', line_len);
	return i > 0 && i + 1 < line_len && line[i] == '=' && line[i + 1] != '=';
}

const char *sniff_format(const char *text, size_t len)
{
	if (is_gzip(text, len))
		return "gzip, not YAML (compress the user data of the instance as a whole, "
		       "not the profile in it)";
	if (is_base64(text, len))
		return "base64, not YAML (encoded twice? Bottlerocket decodes it once; "
		       "\"base64 -d\" shows what is in it)";
	if (is_toml(text, len))
		return "TOML, not YAML (a profile is what stands, encoded, in user-data of "
		       "such a text; \"hosttune userdata\" writes it)";
	return NULL;
}
