/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Strings and numbers of JSON, with the errors of serde_json. */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "de.h"

static void add_utf8(struct buf *out, unsigned int c)
{
	char bytes[4];
	size_t n = 0;

	if (c < 0x80) {
		bytes[n++] = (char)c;
	} else if (c < 0x800) {
		bytes[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		bytes[n++] = (char)(0xe0 | c >> 12);
		bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		bytes[n++] = (char)(0xf0 | c >> 18);
		bytes[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	}
	if (c >= 0x80)
		bytes[n++] = (char)(0x80 | (c & 0x3f));
	buf_add(out, bytes, n);
}

static bool read_hex(struct de *de, unsigned int *ret)
{
	*ret = 0;
	if (de->at + 4 > de->len)
		return de_fail_at(de, de->len, "EOF while parsing a string");
	for (size_t end = de->at + 4; de->at < end; de->at++) {
		unsigned char c = (unsigned char)de->text[de->at];

		if (!isxdigit(c))
			return de_fail_at(de, end, "invalid escape");
		*ret = *ret * 16 +
		       (unsigned int)(isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return true;
}

/* Half a pair is not a character: the other half must follow. */
static bool read_second_half(struct de *de, unsigned int *c)
{
	unsigned int low;

	for (const char *want = "\\u"; *want; want++) {
		if (de->at == de->len)
			return de_fail_at(de, de->at, "EOF while parsing a string");
		if (de->text[de->at++] != *want)
			return de_fail_at(de, de->at, "unexpected end of hex escape");
	}
	if (!read_hex(de, &low))
		return false;
	if (low < 0xdc00 || low > 0xdfff)
		return de_fail_at(de, de->at, "lone leading surrogate in hex escape");
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static bool read_unicode(struct de *de, struct buf *out)
{
	unsigned int c;

	if (!read_hex(de, &c))
		return false;
	if (c >= 0xdc00 && c <= 0xdfff)
		return de_fail_at(de, de->at, "lone leading surrogate in hex escape");
	if (c >= 0xd800 && c <= 0xdbff && !read_second_half(de, &c))
		return false;
	add_utf8(out, c);
	return true;
}

static bool read_escape(struct de *de, struct buf *out)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *name;

	if (de->at == de->len)
		return de_fail_at(de, de->at, "EOF while parsing a string");
	if (de->text[de->at] == 'u') {
		de->at++;
		return read_unicode(de, out);
	}
	name = de->text[de->at] ? strchr(names, de->text[de->at]) : NULL;
	de->at++;
	if (!name)
		return de_fail_at(de, de->at, "invalid escape");
	buf_add(out, &bytes[name - names], 1);
	return true;
}

static bool is_utf8(const struct buf *text)
{
	json_auto_t *string = json_stringn(text->data, text->len);

	return string;
}

bool de_string(struct de *de, struct buf *out)
{
	buf_add(out, "", 0);
	for (de->at++; de->at < de->len;) {
		char c = de->text[de->at++];

		if (c == '"')
			return is_utf8(out) ? true
			                    : de_fail_at(de, de->at,
			                                 "invalid unicode code point");
		if (c == '\\') {
			if (!read_escape(de, out))
				return false;
		} else if ((unsigned char)c < 0x20) {
			return de_fail_at(de, de->at,
			                  "control character (\\u0000-\\u001F) found "
			                  "while parsing a string");
		} else {
			buf_add(out, &c, 1);
		}
	}
	return de_fail_at(de, de->at, "EOF while parsing a string");
}

static int byte_at(const struct de *de)
{
	return de->at < de->len ? (unsigned char)de->text[de->at] : -1;
}

static void skip_digits(struct de *de)
{
	while (isdigit(byte_at(de)))
		de->at++;
}

static bool read_whole_part(struct de *de)
{
	int c = byte_at(de);

	if (c < 0)
		return de_fail_at(de, de->at, "EOF while parsing a value");
	de->at++;
	if (!isdigit(c))
		return de_fail_at(de, de->at, "invalid number");
	if (c == '0' && isdigit(byte_at(de)))
		return de_fail_next(de, "invalid number");
	skip_digits(de);
	return true;
}

static bool read_fraction(struct de *de)
{
	de->at++;
	if (!isdigit(byte_at(de)))
		return de_fail_next(de, byte_at(de) < 0 ? "EOF while parsing a value"
		                                        : "invalid number");
	skip_digits(de);
	return true;
}

static bool read_exponent(struct de *de)
{
	int c;

	de->at++;
	if (byte_at(de) == '+' || byte_at(de) == '-')
		de->at++;
	c = byte_at(de);
	if (c < 0)
		return de_fail_at(de, de->at, "EOF while parsing a value");
	if (!isdigit(c))
		return de_fail_at(de, de->at + 1, "invalid number");
	skip_digits(de);
	return true;
}

/* An integer that no 64 bits hold becomes a floating point number, and so does -0. */
static bool as_integer(const char *digits, struct number *number)
{
	errno = 0;
	number->integer = strtoll(digits, NULL, 10);
	number->kind = NUMBER_INTEGER;
	if (!errno)
		return strcmp(digits, "-0") != 0;
	errno = 0;
	number->huge = strtoull(digits, NULL, 10);
	number->kind = NUMBER_UNSIGNED;
	return !errno && *digits != '-';
}

bool de_number(struct de *de, struct number *number)
{
	cleanup_text char *digits = NULL;
	size_t start = de->at;
	bool whole = true;

	if (byte_at(de) == '-')
		de->at++;
	if (!read_whole_part(de))
		return false;
	if (byte_at(de) == '.') {
		whole = false;
		if (!read_fraction(de))
			return false;
	}
	if (byte_at(de) == 'e' || byte_at(de) == 'E') {
		whole = false;
		if (!read_exponent(de))
			return false;
	}
	digits = text_format("%.*s", (int)(de->at - start), de->text + start);
	if (whole && as_integer(digits, number))
		return true;
	number->kind = NUMBER_REAL;
	number->real = strtod(digits, NULL);
	return isfinite(number->real) ? true
	                              : de_fail_at(de, de->at, "number out of range");
}

/* "-12.5e3" taken apart: the digits that are needed, and where the point goes. */
struct decimal {
	char digits[24];
	int point; /* digits before the decimal point; may be negative */
	bool negative;
};

/* The shortest digits that read back as the same number. */
static void to_decimal(double real, struct decimal *decimal)
{
	char text[40];
	size_t n = 0;

	for (int digits = 0; digits < 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits, real);
		if (strtod(text, NULL) == real)
			break;
	}
	decimal->negative = *text == '-';
	decimal->point = atoi(strchr(text, 'e') + 1) + 1;
	for (const char *c = text; *c != 'e'; c++)
		if (isdigit((unsigned char)*c))
			decimal->digits[n++] = *c;
	decimal->digits[n] = '\0';
}

/* @plain: never with an exponent, as Rust prints a number in a sentence. */
static char *real_text(double real, bool plain)
{
	struct decimal decimal;
	const char *sign;
	const char *digits = decimal.digits;
	int n, point;

	to_decimal(real, &decimal);
	sign = decimal.negative ? "-" : "";
	n = (int)strlen(digits);
	point = decimal.point;
	if (!plain && (point <= -5 || point > 16))
		return text_format("%s%.1s%s%se%d", sign, digits, n > 1 ? "." : "",
		                   digits + 1, point - 1);
	if (point <= 0)
		return text_format("%s0.%.*s%s", sign, -point, "0000000000000000",
		                   digits);
	if (point == n)
		return text_format("%s%s.0", sign, digits);
	if (point > n)
		return text_format("%s%s%0*d.0", sign, digits, point - n, 0);
	return text_format("%s%.*s.%s", sign, point, digits, digits + point);
}

char *number_text(const struct number *number)
{
	switch (number->kind) {
	case NUMBER_INTEGER: return text_format("%lld", number->integer);
	case NUMBER_UNSIGNED: return text_format("%llu", number->huge);
	case NUMBER_REAL:
	default: return real_text(number->real, false);
	}
}

char *number_describe(const struct number *number)
{
	cleanup_text char *text = number->kind == NUMBER_REAL
	                                  ? real_text(number->real, true)
	                                  : number_text(number);

	return text_format("%s `%s`",
	                   number->kind == NUMBER_REAL ? "floating point" : "integer",
	                   text);
}
