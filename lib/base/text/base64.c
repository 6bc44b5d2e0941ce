/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/base64.h"

#include "base/mem.h"

#include <stdint.h>

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Encode up to three bytes as four characters, padded with "=". */
static void encode_group(const unsigned char *in, size_t n, char *out)
{
	uint32_t bits = (uint32_t)in[0] << 16;

	if (n > 1)
		bits |= (uint32_t)in[1] << 8;
	if (n > 2)
		bits |= in[2];
	out[0] = alphabet[bits >> 18];
	out[1] = alphabet[bits >> 12 & 63];
	out[2] = '=';
	out[3] = '=';
	if (n > 1)
		out[2] = alphabet[bits >> 6 & 63];
	if (n > 2)
		out[3] = alphabet[bits & 63];
}

char *base64_encode(const void *data, size_t len)
{
	const unsigned char *in = data;
	char *text = mem_new((len + 2) / 3 * 4 + 1, 1), *out = text;

	for (size_t i = 0; i < len; i += 3, out += 4)
		encode_group(in + i, len - i, out);
	return text;
}
