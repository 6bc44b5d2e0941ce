/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/sniff.h"

#include "base/macro.h"

#include <stdbool.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* Shorter text could be a plain word. */
#define BASE64_LEN_MIN 16

static bool is_gzip(const char *text, size_t len)
{
	return len >= 2 && memcmp(text, "\x1f\x8b", 2) == 0;
}

/* A YAML mapping needs a colon or a question mark, and neither is a base64 letter. */
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

/* Find the first line that is neither blank nor a comment, and its length. */
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

/* "[settings.x]" or "key = value". A profile is a mapping and starts with neither. */
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

/* The text begins with a word, which ends there. */
static bool begins(const char *text, size_t len, const char *word)
{
	return len >= strlen(word) && strncmp(text, word, strlen(word)) == 0;
}

/* A section of a plugin. Bottlerocket's tables are all below "settings". */
static bool is_tuned(const char *text, size_t len)
{
	static const char *const heads[] = {
		"[main]",       "[sysctl]",  "[variables]", "[vm]",      "[cpu]",
		"[disk]",       "[sysfs]",   "[modules]",   "[script]",  "[net]",
		"[bootloader]", "[systemd]", "[service]",   "[selinux]", "[scheduler]"};
	size_t line_len = 0;
	const char *line = sniff_first_line(text, len, &line_len);

	for (size_t i = 0; line && i < sizeof(heads) / sizeof(*heads); i++)
		if (begins(line, line_len, heads[i]))
			return true;
	return false;
}

/* "vm.swappiness = 10", as sysctl.conf has it: TOML would quote the key or the value. */
static bool is_sysctl_conf(const char *text, size_t len)
{
	size_t line_len = 0, i = 0;
	const char *line = sniff_first_line(text, len, &line_len);
	const char *value;

	/* the file may begin with a comment of that style, which TOML does not have */
	while (line && *line == ';') {
		len -= (size_t)(line - text) + line_len;
		text = line + line_len;
		line = sniff_first_line(text, len, &line_len);
	}
	if (!line || begins(line, line_len, "settings."))
		return false;
	while (i < line_len && line[i] && strchr(LETTERS "_-./*", line[i]))
		i++;
	if (!memchr(line, '.', i) && !memchr(line, '/', i))
		return false;
	while (i < line_len && strchr(" \t", line[i]))
		i++;
	if (i >= line_len || line[i] != '=')
		return false;
	value = line + i + 1;
	while (value < line + line_len && strchr(" \t", *value))
		value++;
	return value == line + line_len || !strchr("\"'[{", *value);
}

enum sniff sniff_text(const char *text, size_t len)
{
	static bool (*const is[])(const char *, size_t) = {
		[SNIFF_GZIP] = is_gzip,   [SNIFF_BASE64] = is_base64,
		[SNIFF_TUNED] = is_tuned, [SNIFF_SYSCTL_CONF] = is_sysctl_conf,
		[SNIFF_TOML] = is_toml,
	};

	for (size_t i = SNIFF_GZIP; i < ARRAY_SIZE(is); i++)
		if (is[i](text, len))
			return (enum sniff)i;
	return SNIFF_NONE;
}

const char *sniff_format(const char *text, size_t len)
{
	static const char *const words[] = {
		[SNIFF_NONE] = NULL,
		[SNIFF_GZIP] =
			"gzip, not YAML (compress the whole user data of the instance, "
			"not the profile inside it)",
		[SNIFF_BASE64] =
			"base64, not YAML (encoded twice? Bottlerocket decodes it "
			"once; \"base64 -d\" shows the content)",
		[SNIFF_TUNED] = "a TuneD profile, not YAML (\"hosttune import FILE\" "
				"translates it)",
		[SNIFF_SYSCTL_CONF] = "a sysctl.conf, not YAML (\"hosttune import FILE\" "
				      "translates it)",
		[SNIFF_TOML] =
			"TOML, not YAML (\"hosttune import FILE\" translates Bottlerocket "
			"settings; user data contains a profile encoded: \"hosttune "
			"userdata\")",
	};

	return words[sniff_text(text, len)];
}
