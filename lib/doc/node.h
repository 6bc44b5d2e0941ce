/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_NODE_H
#define DOC_NODE_H

/*
 * A document as a tree: the common form of a YAML profile, a JSON answer and a JSON
 * report. A parent owns its children. Maps preserve the order of their keys.
 *
 * A scalar is text plus a flag: plain (unquoted) or not. JSON's true, 12 and null are
 * plain, its "12" is not. The reader of a scalar decides what it means
 * (resource/field.h); nothing is guessed here.
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
	char *formula;       /* scalar: what text was computed from; NULL: literal */
	bool unknown;        /* scalar: a formula that could not be computed */
	uint32_t key_hash;   /* in a map: of its key */
	char *when;          /* its condition, not decided yet; NULL: none */
	struct node **items; /* list and map */
	size_t n, cap;       /* of items */
	char *key;           /* in a map: the key of this value */
	struct place at, key_at;
	struct node *overrode; /* the value that a merge replaced with this; owned */
	char *comment;         /* comment to write after it; NULL: none */
	char *lead;            /* lines to write before it, "#..." or empty; NULL: none */
	uint32_t *index;       /* map: hash table of 1-based positions in items */
	size_t index_size;
};

/* Create nodes without a place. node_new_text() is quoted, the others are plain. */
struct node *node_new(enum node_type type);
struct node *node_new_text(const char *text);
struct node *node_new_plain(const char *text);
struct node *node_new_uint(uint64_t value);
struct node *node_new_bool(bool value);
struct node *node_new_null(void);

/*
 * Create a scalar from a host's text, written as a person would: plain if every YAML
 * parser reads it as text or as the same integer, else quoted.
 */
struct node *node_new_word(const char *text);

/* Append to a list. Takes ownership of `item`. */
void node_append(struct node *list, struct node *item);

/* Make room for `n` items of a new list or map, where their number is known. */
void node_reserve(struct node *parent, size_t n);

/*
 * Set `key` to `value` and free the old value. Takes ownership of `value`, copies
 * `key`.
 */
void node_set(struct node *map, const char *key, struct node *value);

/* node_set() with a text. NULL: add nothing. */
void node_set_text(struct node *map, const char *key, const char *text);

/* node_set() with a text. NULL: null. */
void node_set_text_or_null(struct node *map, const char *key, const char *text);

/* Return the value of `key`, borrowed; NULL if there is none or `map` is no map. */
struct node *node_get(const struct node *map, const char *key);

/*
 * How many other members a look-up of the key passes: less than 100 also in a large map,
 * unless its keys were chosen so that all are in the way of each other.
 */
size_t node_distance(const struct node *map, const char *key);

/* Return the map at `key`, borrowed. Anything else there becomes an empty map. */
struct node *node_get_map(struct node *map, const char *key);

/* node_set() that returns the old value, or NULL, instead of freeing it. */
struct node *node_swap(struct node *map, const char *key, struct node *value);

/* Remove and free `key` and its value, if present. */
void node_remove(struct node *map, const char *key);

/* Remove and free the items for which `drop` returns true. */
void node_filter(struct node *list, bool (*drop)(struct node *item, void *arg),
                 void *arg);

struct node *node_copy(const struct node *n);

/*
 * Return whether two trees are equal. The order of maps does not matter. Scalars must
 * agree in text and in being plain, because 12 and "12" differ in JSON.
 */
bool node_equal(const struct node *a, const struct node *b);

void node_free(struct node *n);
void node_freep(struct node **n);

#define _node_ _cleanup_(node_freep)

/* Iterate over the items of a list or the values of a map (the key is in ->key). */
#define node_for_each(item, parent)                                   \
	for (size_t i_##item = 0; i_##item < (parent)->n; i_##item++) \
		for (struct node *item = (parent)->items[i_##item]; item; item = NULL)

/* Name the type for messages: "a list", "a mapping", "a single value". */
const char *node_type_name(const struct node *n);

#endif
