/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stored/owned.h"

#include "base/hash.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

#define HEAD   "# hosttune: stored for profile "
#define DIGEST ", digest "
#define ADVICE "# Do not edit. Remove it with: hosttune unpersist "
#define HEX    16

static char *digest_of(const char *rest)
{
	return mem_format("%016" PRIx64, hash_bytes(HASH_START, rest, strlen(rest)));
}

char *owned_text(const char *name, const char *body)
{
	_free_ char *rest = mem_format(ADVICE "%s\n%s", name, body);
	_free_ char *digest = digest_of(rest);

	return mem_format(HEAD "%s" DIGEST "%s\n%s", name, digest, rest);
}

static bool is_headed(const char *text)
{
	return strncmp(text, HEAD, strlen(HEAD)) == 0;
}

enum owned owned_judge(const char *text)
{
	const char *end = text + strcspn(text, "\n");
	_free_ char *digest = NULL;

	if (!is_headed(text))
		return OWNED_FOREIGN;
	if (!*end || end - text < HEX)
		return OWNED_EDITED;
	digest = digest_of(end + 1);
	return strncmp(end - HEX, digest, HEX) == 0 ? OWNED_OURS : OWNED_EDITED;
}

static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return text + (*text == '\n');
}

const char *owned_body(const char *text)
{
	const char *rest;

	if (!is_headed(text))
		return text;
	rest = next_line(text);
	return strncmp(rest, ADVICE, strlen(ADVICE)) == 0 ? next_line(rest) : rest;
}
