/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two parts, with a line "%%" between: a path, and the text of a file for the next boot.
 * A text that hosttune writes is recognised as its own, one that was edited never; what a
 * journal keeps of a file is the same text.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "doc/node.h"
#include "stored/owned.h"
#include "stored/stored.h"
#include "stored/unit.h"

#include <stdlib.h>
#include <string.h>

static void check_path(const char *path)
{
	_free_ char *name = NULL, *again = NULL, *clean = NULL;
	enum stored_what what;

	if (!stored_find(path, &what, &name))
		return;
	/* it names exactly this file, and no profile's name leads elsewhere */
	again = stored_path(what, name);
	assert(strcmp(again, path) == 0);
	clean = stored_name(name);
	assert(!strchr(clean, '/'));
}

static void check_owned(const char *name, const char *body)
{
	_free_ char *clean = stored_name(name), *text = owned_text(clean, body);
	const char *own = owned_body(text);

	assert(owned_judge(text) == OWNED_OURS);
	assert(strcmp(own, body) == 0);
	/* one bit of what follows the first line */
	text[strlen(text) - 1] ^= 1;
	assert(owned_judge(text) == OWNED_EDITED);
}

static void check_foreign(const char *text)
{
	enum owned judged = owned_judge(text);
	const char *body = owned_body(text);

	assert(judged == OWNED_OURS || judged == OWNED_EDITED || judged == OWNED_FOREIGN);
	assert(body >= text && body <= text + strlen(text));
	assert(judged != OWNED_FOREIGN || body == text);
	(void)unit_applies(text, body);
}

static void check_record(const char *text)
{
	_node_ struct node *record = stored_record(text);
	_free_ char *back = stored_recorded(record);

	assert(back && strcmp(back, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *path = mem_dup_n((const char *)data, size);
	char *end = strstr(path, "\n%%\n"), *text = end ? end + 4 : path;

	if (end)
		*end = '\0';
	check_path(path);
	check_owned(path, text);
	check_foreign(text);
	check_record(text);
	return 0;
}
