/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdbool.h>
#include <string.h>

#include "key.h"
#include "util.h"

/* The real store has one file per key, so a key is no longer than a file name. */
#define KEY_MAX 255

static bool in_alphabet(char c)
{
	return c && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                   "0123456789_-/",
	                   c);
}

static json_t *misformed(const char *name, const char *why, char **ret_why)
{
	*ret_why = text_format("Key name '%s' has invalid format: %s", name, why);
	return NULL;
}

/* Why the text is no name of a key; NULL if it is one. */
static char *fault_of(const char *name)
{
	bool quoted = false;
	size_t len = 0;

	if (!*name)
		return text_copy("cannot be empty");
	for (const char *c = name; *c; c++) {
		if (*c == '"') {
			quoted = !quoted;
		} else if (*c == '.' && !quoted) {
			if (!len)
				return text_copy("empty key segment");
			len = 0;
		} else if (*c == '.' || in_alphabet(*c)) {
			len++;
		} else {
			return text_format("invalid character in key: '%c'", *c);
		}
	}
	if (quoted)
		return text_copy("unbalanced quotes");
	return len ? NULL : text_copy("ends with separator");
}

static void push(json_t *segments, struct buf *segment)
{
	json_array_append_new(segments, json_string(segment->data));
	buf_done(segment);
}

json_t *key_split(const char *name, char **ret_why)
{
	cleanup_text char *why = fault_of(name);
	struct buf segment = {0};
	bool quoted = false;
	json_t *segments;

	if (why)
		return misformed(name, why, ret_why);
	if (strlen(name) > KEY_MAX) {
		*ret_why = text_format("Key name beyond maximum length %s: %d", name,
		                       KEY_MAX);
		return NULL;
	}
	segments = json_array();
	for (const char *c = name; *c; c++) {
		if (*c == '"')
			quoted = !quoted;
		else if (*c == '.' && !quoted)
			push(segments, &segment);
		else
			buf_add(&segment, c, 1);
	}
	push(segments, &segment);
	return segments;
}

/* Why the segment cannot be part of a name; NULL if it can. */
static char *segment_fault(const char *parent, const char *segment)
{
	for (const char *c = segment; *c; c++)
		if (*c != '.' && !in_alphabet(*c))
			return text_format("Key name '%s.%s' has invalid format: Segment "
			                   "'%s' contains invalid character '%c'",
			                   parent, segment, segment, *c);
	return NULL;
}

char *key_append(const char *parent, const char *segment, char **ret_why)
{
	const char *quote = strchr(segment, '.') ? "\"" : "";
	cleanup_text char *fault = segment_fault(parent ? parent : "", segment);
	char *name = text_format("%s%s%s%s%s", parent ? parent : "", parent ? "." : "",
	                         quote, segment, quote);

	if (!fault && strlen(name) > KEY_MAX)
		fault = text_format("Key name beyond maximum length %s: %d", name,
		                    KEY_MAX);
	if (!fault)
		return name;
	free(name);
	*ret_why = text_format("appending '%s' to '%s' is invalid as Key: %s", segment,
	                       parent ? parent : "", fault);
	return NULL;
}

char *key_join(const json_t *segments)
{
	char *name = NULL;
	json_t *segment;
	size_t i;

	json_array_foreach(segments, i, segment) {
		cleanup_text char *parent = name;
		cleanup_text char *why = NULL;

		name = key_append(parent, json_string_value(segment), &why);
		if (!name)
			break;
	}
	return name;
}
