/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/shape.h"

#include "base/mem.h"
#include "doc/node.h"

#include <string.h>

#define WORD_MAX 40

/* The value, if it needs no quotes anywhere and is short; else NULL. */
static const char *word_of(const struct node *n)
{
	size_t len = n && n->type == NODE_SCALAR ? strlen(n->text) : 0;

	return len > 0 && len <= WORD_MAX &&
	                       strspn(n->text,
	                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789._/+-") == len
	               ? n->text
	               : NULL;
}

/* The only item of a list, or the value itself. */
static const struct node *single(const struct node *n)
{
	return n->type == NODE_LIST && n->n == 1 ? n->items[0] : n;
}

char *shape_list(const char *key, const struct node *given)
{
	const char *word = word_of(given);

	return mem_format("%s: [%s]", key, word ? word : "WORD, ...");
}

char *shape_items(const char *key, const struct node *given)
{
	const char *word = word_of(node_get(given, "name"));

	return mem_format("%s: [{name: %s, ...}]", key, word ? word : "NAME");
}

char *shape_map(const char *key, const char *member, bool number,
                const struct node *given)
{
	const char *word = word_of(given);

	/* only a number surely belongs to a key for numbers */
	if (number && word && strspn(word, "0123456789") == strlen(word))
		return mem_format("%s: {%s: %s}", key, member, word);
	return mem_format("%s: {%s: VALUE, ...}", key, member);
}

char *shape_scalar(const char *key, const struct node *given)
{
	const char *word = word_of(single(given));

	return mem_format("%s: %s", key, word ? word : "VALUE");
}
