/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/utf8.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <string.h>

#define CODE_MAX 0x10ffff

/* The length that the first byte announces, 1 to 4; 0: it cannot be the first. */
static size_t length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool is_code(uint32_t code)
{
	return code <= CODE_MAX && (code < 0xd800 || code > 0xdfff);
}

int32_t utf8_next(const char **p, const char *end)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = (const unsigned char *)*p;
	size_t len = length_of(*s);
	uint32_t code;

	if (len == 0 || (size_t)(end - *p) < len)
		return -1;
	code = len == 1 ? *s : *s & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		code = code << 6 | (s[i] & 0x3fU);
	}
	if (code < least[len] || !is_code(code))
		return -1;
	*p += len;
	return (int32_t)code;
}

bool utf8_add(struct buf *b, uint32_t code)
{
	size_t more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint32_t marks[] = {0, 0xc0, 0xe0, 0xf0};
	char bytes[4];

	if (!is_code(code))
		return false;
	bytes[0] = (char)(marks[more] | code >> (6 * more));
	for (size_t i = 1; i <= more; i++)
		bytes[i] = (char)(0x80 | (code >> (6 * (more - i)) & 0x3f));
	buf_add_n(b, bytes, more + 1);
	return true;
}

bool utf8_is_printable(int32_t code)
{
	if (code < ' ')
		return code == '\t' || code == '\n';
	if (code < 0xa0)
		return code < 0x7f;
	return code != 0x2028 && code != 0x2029 && code != 0xfeff && code != 0xfffe &&
	       code != 0xffff;
}

bool utf8_all_printable(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end)
		if (!utf8_is_printable(utf8_next(&text, end)))
			return false;
	return true;
}

static bool is_utf8(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end)
		if ((unsigned char)*text < 0x80)
			text++;
		else if (utf8_next(&text, end) < 0)
			return false;
	return true;
}

char *utf8_or_latin1(const char *text)
{
	struct buf b = {0};

	if (is_utf8(text))
		return mem_dup(text);
	for (; *text; text++)
		(void)utf8_add(&b, (unsigned char)*text);
	return buf_take(&b);
}
