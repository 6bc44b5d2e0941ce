/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <regex.h>
#include <string.h>

#include "text.h"
#include "util.h"

bool text_matches(const char *pattern, const char *text)
{
	regex_t regex;
	bool match;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		die("bad pattern in the model: %s", pattern);
	match = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return match;
}

char *text_expected(const char *const *names, size_t n)
{
	const char *joint = n == 2 ? " or " : ", ";
	struct buf list = {0};

	for (size_t i = 0; i < n; i++) {
		cleanup_text char *item = text_format(
			"%s`%s`", i ? joint : (n > 2 ? "one of " : ""), names[i]);

		buf_add(&list, item, strlen(item));
	}
	return list.data;
}

static size_t find_word(const struct text *rule, const char *text)
{
	size_t i = 0;

	while (i < rule->n_words && strcmp(rule->words[i], text) != 0)
		i++;
	return i;
}

static bool reject_word(const struct text *rule, const char *text, struct de *de)
{
	cleanup_text char *names = text_expected(rule->words, rule->n_words);
	cleanup_text char *why =
		text_format("unknown variant `%s`, expected %s", text, names);

	if (!rule->lead)
		return de_reject(de, text_copy(why));
	return de_reject(de, text_format("Unable to deserialize into %s: %s%s",
	                                 rule->type, rule->lead, why));
}

static bool passes(const struct text *rule, const char *text, struct de *de)
{
	cleanup_text char *fault = rule->fault ? rule->fault(text) : NULL;

	if (fault)
		return de_reject(de, text_format("Unable to deserialize into %s: %s",
		                                 rule->type, fault));
	for (size_t i = 0; i < rule->n_checks; i++) {
		const struct check *check = &rule->checks[i];

		if (text_matches(check->pattern, text) == check->forbidden)
			return de_reject(
				de, text_format("Unable to deserialize into %s: %s%s%s",
			                        rule->type, check->before, text,
			                        check->after));
	}
	return true;
}

bool text_fits(const struct text *rule, const struct buf *text, struct de *de)
{
	cleanup_text char *copy = text_copy(text->data);

	if (!rule)
		return true;
	if (rule->words)
		return find_word(rule, copy) < rule->n_words
		               ? true
		               : reject_word(rule, copy, de);
	return passes(rule, copy, de);
}

json_t *text_stored(const struct text *rule, const struct buf *text)
{
	if (rule && rule->empty && !text->len)
		return json_string(rule->empty);
	if (rule && rule->stored)
		return json_string(rule->stored[find_word(rule, text->data)]);
	return json_stringn(text->data, text->len);
}

char *text_debug(const char *text)
{
	static const char bytes[] = "\"\\\n\r\t", names[] = "\"\\nrt";
	struct buf out = {0};

	buf_add(&out, "\"", 1);
	for (; *text; text++) {
		const char *special = strchr(bytes, *text);
		cleanup_text char *part = NULL;

		if (special)
			part = text_format("\\%c", names[special - bytes]);
		else if ((unsigned char)*text < 0x20 || *text == 0x7f)
			part = text_format("\\u{%x}", (unsigned int)*text);
		else
			part = text_format("%c", *text);
		buf_add(&out, part, strlen(part));
	}
	buf_add(&out, "\"", 1);
	return out.data;
}
