/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "util.h"
#include "valid.h"

static int symbol_value(char c)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
				       "uvwxyz0123456789+/";
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

static char *bad_symbol(const char *text, size_t at)
{
	return text_format("Invalid base64 input: Invalid symbol %u, offset %zu.",
	                   (unsigned int)(unsigned char)text[at], at);
}

/* The last group: two or three symbols may be followed by padding, and by nothing else.
 */
static char *check_last_group(const char *text, size_t at, size_t len)
{
	size_t symbols = 0, padding = 0, n = len - at;
	int last = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[at + i] == '=') {
			if (i < 2)
				return bad_symbol(text, at + i);
			padding++;
			continue;
		}
		if (padding)
			return bad_symbol(text, at + symbols);
		last = symbol_value(text[at + i]);
		if (last < 0)
			return bad_symbol(text, at + i);
		symbols++;
	}
	if (n && symbols < 2)
		return text_format("Invalid base64 input: Invalid input length: %zu",
		                   at + symbols);
	if ((symbols + padding) % 4)
		return text_copy("Invalid base64 input: Invalid padding");
	if ((symbols == 2 && last & 15) || (symbols == 3 && last & 3))
		return text_format("Invalid base64 input: Invalid last symbol %u, "
		                   "offset %zu.",
		                   (unsigned int)text[at + symbols - 1],
		                   at + symbols - 1);
	return NULL;
}

/* In the order in which the base64 crate of the real server checks. */
char *valid_base64(const char *text)
{
	size_t len = strlen(text);
	size_t last = len ? (len - 1) / 4 * 4 : 0;

	if (len % 4 == 1 && text[len - 1] != '=' && symbol_value(text[len - 1]) < 0)
		return bad_symbol(text, len - 1);
	for (size_t i = 0; i < last; i++)
		if (symbol_value(text[i]) < 0)
			return bad_symbol(text, i);
	return check_last_group(text, last, len);
}

/* Decode good base64; white space is skipped. The caller owns the bytes. */
static struct buf decode(const char *text, size_t len)
{
	struct buf out = {0};
	uint32_t bits = 0;
	int n = 0;

	buf_add(&out, "", 0);
	for (size_t i = 0; i < len; i++) {
		int value = symbol_value(text[i]);
		char byte;

		if (value < 0)
			continue;
		bits = bits << 6 | (uint32_t)value;
		n += 6;
		if (n < 8)
			continue;
		n -= 8;
		byte = (char)(bits >> n);
		buf_add(&out, &byte, 1);
	}
	return out;
}

/* A certificate is a DER sequence; what is in it is not looked at. */
static bool is_certificate(const char *body, size_t len)
{
	struct buf der = decode(body, len);
	bool good = der.len > 4 && (unsigned char)der.data[0] == 0x30;

	buf_done(&der);
	return good;
}

static char *check_bundle(const char *pem)
{
	const char *begin = strstr(pem, "-----BEGIN "), *body, *end;

	if (!begin)
		return text_copy("No valid certificate found in bundle");
	for (; begin; begin = strstr(end + 1, "-----BEGIN ")) {
		body = strchr(begin, '\n');
		end = body ? strstr(body, "-----END ") : NULL;
		if (!strstr(begin + 11, "-----"))
			return text_copy("Invalid PEM object: invalid header");
		if (!end)
			return text_copy("Invalid PEM object: incomplete PEM");
		if (!is_certificate(body, (size_t)(end - body)))
			return text_copy("Invalid x509 certificate: Parsing Error: Der");
	}
	return NULL;
}

char *valid_certificates(const char *text)
{
	struct buf pem;
	char *fault;

	if (!text[strspn(text, " \t\r\n")])
		return NULL;
	fault = valid_base64(text);
	if (fault)
		return fault;
	pem = decode(text, strlen(text));
	fault = check_bundle(pem.data);
	buf_done(&pem);
	return fault;
}

char *valid_line(const char *text)
{
	/* the last three are the line ends that only Unicode has, in UTF-8 */
	static const char *const ends[] = {
		"\n", "\r", "\v", "\f", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9",
	};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (strstr(text, ends[i]))
			return text_copy("Can't create SingleLineString containing line "
			                 "terminator");
	return NULL;
}

char *valid_threshold(const char *text)
{
	size_t len = strlen(text);
	char *end;
	float percentage;

	if (!len || text[len - 1] != '%')
		return text_matches(QUANTITY_PATTERN, text)
		               ? NULL
		               : text_format(QUANTITY_BEFORE "%s", text);
	percentage = strtof(text, &end);
	if (len < 2 || *end != '%' || end != text + len - 1)
		return text_format("Invalid percentage value '%s'", text);
	if (!(percentage >= 0 && percentage < 100))
		return text_format("Invalid Kubernetes threshold percentage value '%s'",
		                   text);
	return NULL;
}
