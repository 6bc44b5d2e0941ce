/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/node.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct node *node_new(enum node_type type)
{
	struct node *n = mem_new(1, sizeof(*n));

	n->type = type;
	return n;
}

struct node *node_new_text(const char *text)
{
	struct node *n = node_new(NODE_SCALAR);

	n->text = mem_dup(text);
	return n;
}

struct node *node_new_plain(const char *text)
{
	struct node *n = node_new_text(text);

	n->plain = true;
	return n;
}

struct node *node_new_uint(uint64_t value)
{
	_free_ char *text = mem_format("%" PRIu64, value);

	return node_new_plain(text);
}

struct node *node_new_bool(bool value)
{
	return node_new_plain(value ? "true" : "false");
}

struct node *node_new_null(void)
{
	return node_new_plain("null");
}

/* Some YAML parsers read 010 as eight, others as ten: accept only one spelling. */
static bool is_whole_number(const char *text)
{
	_free_ char *again = NULL;
	int64_t value;

	if (num_i64(text, &value) < 0)
		return false;
	again = mem_format("%" PRId64, value);
	return strcmp(again, text) == 0;
}

/* Starts with a letter or slash, has no YAML syntax, and is not a YAML keyword. */
static bool is_plain_word(const char *text)
{
	static const char *const taken[] = {"true", "false", "null", "yes", "no",
	                                    "on",   "off",   "y",    "n"};
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t len = strlen(text);

	if (len == 0 || (!strchr(letters, text[0]) && text[0] != '/') ||
	    text[len - 1] == ' ')
		return false;
	for (const char *p = text; *p; p++)
		if (!strchr(letters, *p) && !strchr("0123456789 ._/=-", *p))
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (strcasecmp(text, taken[i]) == 0)
			return false;
	return true;
}

struct node *node_new_word(const char *text)
{
	return is_whole_number(text) || is_plain_word(text) ? node_new_plain(text)
	                                                    : node_new_text(text);
}

void node_append(struct node *list, struct node *item)
{
	list->items = mem_grow(list->items, &list->cap, list->n, sizeof(struct node *));
	list->items[list->n++] = item;
}

/*
 * Profiles come from the node's owner, so hash flooding is not a threat; whoever
 * reads a tree of another process asks for node_distance().
 */
static uint32_t hash(const char *key)
{
	return (uint32_t)hash_bytes(HASH_START, key, strlen(key));
}

/* Find the index slot that holds `key`, which has this hash, or a free one for it. */
static uint32_t *slot_of(const struct node *map, const char *key, uint32_t key_hash)
{
	size_t mask = map->index_size - 1;

	for (size_t i = key_hash & mask;; i = (i + 1) & mask) {
		uint32_t at = map->index[i];
		const struct node *item = at ? map->items[at - 1] : NULL;

		if (!item || (item->key_hash == key_hash && strcmp(item->key, key) == 0))
			return &map->index[i];
	}
}

static void reindex(struct node *map, size_t size)
{
	free(map->index);
	map->index_size = size;
	map->index = mem_new(size, sizeof(*map->index));
	for (size_t i = 0; i < map->n; i++) {
		const struct node *item = map->items[i];

		*slot_of(map, item->key, item->key_hash) = (uint32_t)i + 1;
	}
}

/* At least half of the slots are free. */
static void reindex_for(struct node *map, size_t n)
{
	size_t size = map->index_size ? map->index_size : 16;

	while (n * 2 > size)
		size *= 2;
	if (size > map->index_size)
		reindex(map, size);
}

void node_reserve(struct node *parent, size_t n)
{
	if (n == 0)
		return;
	parent->items = mem_resize(parent->items, n, sizeof(struct node *));
	parent->cap = n;
	if (parent->type == NODE_MAP)
		reindex_for(parent, n);
}

struct node *node_get(const struct node *map, const char *key)
{
	uint32_t at;

	if (!map || map->type != NODE_MAP || map->n == 0)
		return NULL;
	at = *slot_of(map, key, hash(key));
	return at ? map->items[at - 1] : NULL;
}

size_t node_distance(const struct node *map, const char *key)
{
	uint32_t key_hash = hash(key);

	if (map->index_size == 0)
		return 0;
	return ((size_t)(slot_of(map, key, key_hash) - map->index) - key_hash) &
	       (map->index_size - 1);
}

struct node *node_swap(struct node *map, const char *key, struct node *value)
{
	uint32_t *slot;
	struct node *had;

	reindex_for(map, map->n + 1);
	mem_set(&value->key, mem_dup(key));
	value->key_hash = hash(key);
	slot = slot_of(map, key, value->key_hash);
	if (*slot) {
		had = map->items[*slot - 1];
		map->items[*slot - 1] = value;
		return had;
	}
	node_append(map, value);
	*slot = (uint32_t)map->n;
	return NULL;
}

void node_set(struct node *map, const char *key, struct node *value)
{
	node_free(node_swap(map, key, value));
}

void node_set_text(struct node *map, const char *key, const char *text)
{
	if (text)
		node_set(map, key, node_new_text(text));
}

void node_set_text_or_null(struct node *map, const char *key, const char *text)
{
	node_set(map, key, text ? node_new_text(text) : node_new_null());
}

struct node *node_get_map(struct node *map, const char *key)
{
	struct node *child = node_get(map, key);

	if (!child || child->type != NODE_MAP) {
		child = node_new(NODE_MAP);
		node_set(map, key, child);
	}
	return child;
}

void node_filter(struct node *list, bool (*drop)(struct node *item, void *arg), void *arg)
{
	_free_ bool *dropped = mem_new(list->n, sizeof(*dropped));
	size_t kept = 0;

	/* decide first, because `drop` may read the list */
	for (size_t i = 0; i < list->n; i++)
		dropped[i] = drop(list->items[i], arg);
	for (size_t i = 0; i < list->n; i++) {
		if (dropped[i])
			node_free(list->items[i]);
		else
			list->items[kept++] = list->items[i];
	}
	list->n = kept;
	if (list->index)
		reindex(list, list->index_size);
}

static bool node_has_key(struct node *item, void *key)
{
	return strcmp(item->key, key) == 0;
}

void node_remove(struct node *map, const char *key)
{
	_free_ char *copy = mem_dup(key);

	node_filter(map, node_has_key, copy);
}

struct node *node_copy(const struct node *n)
{
	struct node *copy = node_new(n->type);

	copy->plain = n->plain;
	copy->text = mem_dup(n->text);
	copy->formula = mem_dup(n->formula);
	copy->unknown = n->unknown;
	copy->when = mem_dup(n->when);
	copy->comment = mem_dup(n->comment);
	copy->lead = mem_dup(n->lead);
	copy->at = n->at;
	if (n->overrode) {
		copy->overrode = node_copy(n->overrode);
		copy->overrode->key_at = n->overrode->key_at;
	}
	node_reserve(copy, n->n);
	node_for_each (item, n) {
		struct node *child = node_copy(item);

		if (n->type == NODE_MAP)
			node_set(copy, item->key, child);
		else
			node_append(copy, child);
		child->key_at = item->key_at;
	}
	return copy;
}

bool node_equal(const struct node *a, const struct node *b)
{
	if (a->type != b->type || a->n != b->n)
		return false;
	if (a->type == NODE_SCALAR)
		return a->plain == b->plain && strcmp(a->text, b->text) == 0;
	for (size_t i = 0; i < a->n; i++) {
		const struct node *other = b->items[i];

		if (a->type == NODE_MAP)
			other = node_get(b, a->items[i]->key);
		if (!other || !node_equal(a->items[i], other))
			return false;
	}
	return true;
}

void node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++)
		node_free(n->items[i]);
	node_free(n->overrode);
	free(n->items);
	free(n->index);
	free(n->text);
	free(n->formula);
	free(n->when);
	free(n->comment);
	free(n->lead);
	free(n->key);
	free(n);
}

void node_freep(struct node **n)
{
	node_free(*n);
}

const char *node_type_name(const struct node *n)
{
	switch (n->type) {
	case NODE_SCALAR: return "a single value";
	case NODE_LIST: return "a list";
	case NODE_MAP: return "a mapping";
	}
	return "nothing";
}
