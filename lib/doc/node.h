/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_NODE_H
#define DOC_NODE_H

/*
 * A document as a tree: what a YAML profile, a JSON answer and a JSON report have
 * in common. A parent owns its children; maps keep the order of their keys.
 *
 * A scalar is text and whether it stood plain (unquoted): JSON's true, 12 and
 * null are plain, its "12" is not. What a plain scalar means is decided by who
 * reads it (resource/field.h), not by guessing here.
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum node_type { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_type type;
	bool plain;          /* scalar: unquoted */
	char *text;          /* scalar */
	char *formula;       /* scalar: what text was computed from; NULL: given */
	bool unknown;        /* scalar: a formula that could not be computed */
	char *when;          /* the condition it is under, not decided; NULL: none */
	struct node **items; /* list and map */
	size_t n, cap;       /* of items */
	char *key;           /* in a map: the key this is the value of */
	struct place at, key_at;
	struct node *overrode; /* what a merge replaced by this; owned */
	char *comment;         /* what is written behind it; NULL: nothing */
	uint32_t *index;       /* map: hash table of 1-based positions in items */
	size_t index_size;
};

/* New nodes, without a place. node_new_text() is quoted, the others plain. */
struct node *node_new(enum node_type type);
struct node *node_new_text(const char *text);
struct node *node_new_plain(const char *text);
struct node *node_new_uint(uint64_t value);
struct node *node_new_bool(bool value);
struct node *node_new_null(void);

/*
 * A text that came from a host, as a person would write it: plain if every reader of
 * YAML takes it for a text, or for the same whole number; else quoted.
 */
struct node *node_new_word(const char *text);

/* Add to a list. Takes ownership of `item`. */
void node_append(struct node *list, struct node *item);

/*
 * Put `value` under `key`, freeing what was there. Takes ownership of `value`,
 * copies `key`.
 */
void node_set(struct node *map, const char *key, struct node *value);

/* node_set() of a text; no member at all for NULL. */
void node_set_text(struct node *map, const char *key, const char *text);

/* The value under `key`, NULL if there is none or this is no map. Borrowed. */
struct node *node_get(const struct node *map, const char *key);

/* The value under `key`, made as an empty map if there is none. Borrowed. */
struct node *node_get_map(struct node *map, const char *key);

/* node_set() that hands back what was there, NULL if nothing, instead of freeing it. */
struct node *node_swap(struct node *map, const char *key, struct node *value);

/* Free the value under `key` and its key, if there is one. */
void node_remove(struct node *map, const char *key);

/* Free the items for which `drop` is true. */
void node_filter(struct node *list, bool (*drop)(struct node *item, void *arg),
                 void *arg);

struct node *node_copy(const struct node *n);

/*
 * Whether two trees say the same: maps without regard to order, scalars by text
 * and, as 12 and "12" differ in JSON, by being plain.
 */
bool node_equal(const struct node *a, const struct node *b);

void node_free(struct node *n);
void node_freep(struct node **n);

#define _node_ _cleanup_(node_freep)

/* Each item of a list, each value of a map (its key is in ->key). */
#define node_for_each(item, parent)                                   \
	for (size_t i_##item = 0; i_##item < (parent)->n; i_##item++) \
		for (struct node *item = (parent)->items[i_##item]; item; item = NULL)

/* What is this, in words for messages: "a list", "a mapping", "a value". */
const char *node_type_name(const struct node *n);

#endif
