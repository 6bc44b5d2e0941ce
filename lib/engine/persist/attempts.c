/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/attempts.h"

#include "base/hash.h"
#include "base/mem.h"
#include "doc/json.h"
#include "resource/kind.h"

#include <stdlib.h>
#include <string.h>

/* Then the oldest is forgotten. */
#define ATTEMPTS_MAX 1024

/* Add a text and its end. */
static uint64_t add_text(uint64_t h, const char *text)
{
	return hash_bytes(h, text, strlen(text) + 1);
}

uint64_t attempt_id(const struct resource *r, const struct node *wanted,
                    const char *stored)
{
	_free_ char *text = node_json_format(wanted, false);

	return add_text(add_text(add_text(HASH_START, r->name), text),
	                stored ? stored : "");
}

bool attempts_have(const struct attempts *a, uint64_t id)
{
	for (size_t i = 0; a && i < a->n; i++)
		if (a->ids[i] == id)
			return true;
	return false;
}

void attempts_add(struct attempts *a, uint64_t id)
{
	if (attempts_have(a, id))
		return;
	if (a->n == ATTEMPTS_MAX)
		memmove(a->ids, a->ids + 1, --a->n * sizeof(*a->ids));
	a->ids = mem_resize(a->ids, a->n + 1, sizeof(*a->ids));
	a->ids[a->n++] = id;
}

void attempts_done(struct attempts *a)
{
	free(a->ids);
	*a = (struct attempts){0};
}
