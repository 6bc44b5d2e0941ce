/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Values for which the real server has a special reader. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model_macros.h"
#include "read.h"
#include "text.h"
#include "value.h"

static json_t *bad_limit(struct de *de, const char *text)
{
	de_reject(de, text_format("Invalid rlimit %s, expected -1 to %" PRId64
	                          " or \"unlimited\"",
	                          text, INT64_MAX));
	return NULL;
}

static json_t *limit_from_string(struct de *de)
{
	struct buf text = {0};
	json_t *out = NULL;

	if (de_string(de, &text))
		out = strcmp(text.data, "unlimited") == 0 ? json_integer(-1)
		                                          : bad_limit(de, text.data);
	buf_done(&text);
	return out;
}

json_t *read_limit(const struct model *model, struct de *de)
{
	cleanup_text char *text = NULL;
	struct number number;
	int c = de_peek(de);

	if (c == '"')
		return limit_from_string(de);
	if (c != '-' && (c < '0' || c > '9'))
		return value_skip(de) ? read_no_variant(de, model->type) : NULL;
	if (!de_number(de, &number))
		return NULL;
	if (number.kind != NUMBER_INTEGER)
		return read_no_variant(de, model->type);
	if (number.integer >= -1)
		return json_integer(number.integer);
	text = number_text(&number);
	return bad_limit(de, text);
}

/* Rust's words for a string that is no 32-bit integer. */
static const char *integer_fault(const char *text)
{
	const char *digits = text + (*text == '-' || *text == '+');
	long long value;

	if (!*text)
		return "cannot parse integer from empty string";
	if (!*digits || digits[strspn(digits, "0123456789")])
		return "invalid digit found in string";
	errno = 0;
	value = strtoll(text, NULL, 10);
	if (errno || value > INT32_MAX || value < INT32_MIN)
		return *text == '-' ? "number too small to fit in target type"
		                    : "number too large to fit in target type";
	return NULL;
}

static bool percent_fits(struct de *de, const char *text)
{
	const char *fault = integer_fault(text);
	long value = fault ? 0 : strtol(text, NULL, 10);

	if (fault)
		return de_reject(de, text_format("Unable to parse %s as an integer: %s",
		                                 text, fault));
	if (value < 0 || value > 100)
		return de_reject(de, text_format("Invalid imageGCLowThresholdPercent "
		                                 "'%ld': must be between 0 and 100 "
		                                 "(inclusive)",
		                                 value));
	return true;
}

json_t *read_percent(const struct model *model, struct de *de)
{
	json_t *out = NULL;
	struct buf text = {0};
	int c = de_peek(de);
	bool read = c == '"' ? de_string(de, &text) : value_compact(de, &text);

	(void)model;
	if (read && c != '"' && c != '-' && (c < '0' || c > '9'))
		de_reject(de, text_copy("Unable to deserialize value, it is not a number "
		                        "or a string"));
	else if (read && percent_fits(de, text.data))
		out = c == '"' ? json_sprintf("%ld", strtol(text.data, NULL, 10))
		               : json_integer(strtol(text.data, NULL, 10));
	buf_done(&text);
	return out;
}

/* The normal form of an address: a new reference, or NULL if it is none. */
static json_t *address(const char *text)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char normal[INET6_ADDRSTRLEN];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	if (inet_pton(family, text, bytes) != 1)
		return NULL;
	return json_string(inet_ntop(family, bytes, normal, sizeof(normal)));
}

json_t *read_ip(const struct model *model, struct de *de)
{
	struct buf text = {0};
	json_t *out = NULL;

	(void)model;
	if (de_peek(de) != '"')
		return read_mismatch(de, "IP address");
	if (de_string(de, &text)) {
		out = address(text.data);
		if (!out) {
			de_reject(de, text_copy("invalid IP address syntax"));
			de_place(de);
		}
	}
	buf_done(&text);
	return out;
}

json_t *read_ips(const struct model *model, struct de *de)
{
	static const struct model list = LIST(&model_ip);
	struct buf text = {0};
	json_t *out = NULL;
	bool is_list = de_peek(de) == '[';

	if (value_compact(de, &text)) {
		out = read_buffered(is_list ? &list : &model_ip, &text, de);
		if (!out)
			read_no_variant(de, model->type);
	}
	buf_done(&text);
	return out;
}

json_t *read_command(const struct model *model, struct de *de)
{
	static const struct model string = STRING(NULL);
	static const struct model strings = LIST(&string);
	json_t *words = model_read(&strings, de);
	const char *first = json_string_value(json_array_get(words, 0));
	struct buf list = {0};
	json_t *word;
	size_t i;

	(void)model;
	if (!words || (first && strcmp(first, "apiclient") == 0))
		return words;
	buf_add(&list, "[", 1);
	json_array_foreach(words, i, word) {
		cleanup_text char *quoted = text_debug(json_string_value(word));

		buf_add(&list, ", ", i ? 2 : 0);
		buf_add(&list, quoted, strlen(quoted));
	}
	de_reject(de, text_format("Unable to deserialize into ApiclientCommand: Invalid "
	                          "Bottlerocket API Command '%s]'",
	                          list.data));
	buf_done(&list);
	json_decref(words);
	return NULL;
}
