/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "key.h"
#include "store_parts.h"
#include "util.h"

struct store *store_new(void)
{
	struct store *store = calloc(1, sizeof(*store));

	if (!store)
		die("out of memory");
	store->live = json_object();
	store->pending = json_object();
	store->pending_weak = json_object();
	store->weak = json_object();
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	json_decref(store->live);
	json_decref(store->pending);
	json_decref(store->pending_weak);
	json_decref(store->weak);
	free(store);
}

bool store_flatten(json_t *tree, const char *name, json_t *flat, char **ret_why)
{
	const char *member;
	json_t *value;

	if (!json_is_object(tree)) {
		json_object_set_new(flat, name, json_deep_copy(tree));
		return true;
	}
	json_object_foreach(tree, member, value) {
		cleanup_text char *child = NULL;

		if (json_is_null(value))
			continue;
		child = key_append(name, member, ret_why);
		if (!child || !store_flatten(value, child, flat, ret_why))
			return false;
	}
	return true;
}

/* The real server walks hash sets: no client may rely on an order. */
json_t *store_shuffled(json_t *array)
{
	for (size_t i = json_array_size(array); i > 1; i--) {
		size_t j = (size_t)rand() % i;
		json_auto_t *last = json_incref(json_array_get(array, i - 1));

		json_array_set(array, i - 1, json_array_get(array, j));
		json_array_set(array, j, last);
	}
	return array;
}

json_t *store_names_of(json_t *flat, const char *prefix)
{
	json_t *names = json_array();
	const char *name;
	json_t *leaf;

	json_object_foreach(flat, name, leaf)
		if (begins(name, prefix))
			json_array_append_new(names, json_string(name));
	return store_shuffled(names);
}

bool store_load(struct store *store, json_t *tree, const char *name)
{
	cleanup_text char *why = NULL;

	return store_flatten(tree, name, store->live, &why);
}

void store_weaken(struct store *store, const char *key)
{
	json_object_set_new(store->weak, key, json_true());
}

bool store_is_weak(const struct store *store, const char *key)
{
	return json_object_get(store->weak, key);
}

void store_update(struct store *store)
{
	const char *key;
	json_t *mark;

	json_object_foreach(store->weak, key, mark)
		json_object_del(store->live, key);
	json_object_clear(store->weak);
}

json_t *store_names(const struct store *store, const char *prefix)
{
	return store_names_of(store->live, prefix);
}

static void plant(json_t *tree, const char *name, json_t *leaf)
{
	cleanup_text char *why = NULL;
	json_auto_t *segments = key_split(name, &why);
	size_t last = json_array_size(segments) - 1;

	for (size_t i = 0; i < last; i++) {
		const char *segment = json_string_value(json_array_get(segments, i));

		if (!json_object_get(tree, segment))
			json_object_set_new(tree, segment, json_object());
		tree = json_object_get(tree, segment);
	}
	json_object_set(tree, json_string_value(json_array_get(segments, last)), leaf);
}

json_t *store_tree(json_t *flat, const char *prefix)
{
	json_auto_t *names = store_names_of(flat, prefix);
	json_t *tree = json_object();
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		const char *text = json_string_value(name);

		plant(tree, text, json_object_get(flat, text));
	}
	return tree;
}

json_t *store_branch(const struct store *store, const char *name, const char *prefix)
{
	cleanup_text char *whole = text_format("%s.", name);
	json_auto_t *tree = NULL;

	if (begins(whole, prefix))
		tree = store_tree(store->live, whole);
	else if (begins(prefix, whole))
		tree = store_tree(store->live, prefix);
	return json_incref(json_object_get(tree, name));
}

/* In the real store a key is a file and its parents are directories. Reading one as the
 * other is an I/O error, not an absent key. */
static int mixup(json_t *live, const char *name)
{
	size_t len = strlen(name);
	const char *other;
	json_t *leaf;

	json_object_foreach(live, other, leaf) {
		size_t other_len = strlen(other);

		if (begins(other, name) && other[len] == '.')
			return EISDIR;
		if (begins(name, other) && name[other_len] == '.')
			return ENOTDIR;
	}
	return 0;
}

int store_pick(const struct store *store, const char *key, json_t *flat, char **ret_why)
{
	cleanup_text char *why = NULL;
	json_auto_t *segments = key_split(key, &why);
	cleanup_text char *name = segments ? key_join(segments) : NULL;
	json_t *leaf;
	int error;

	if (!name) {
		*ret_why = text_format("Unable to make data key '%s': %s", key,
		                       why ? why : "too long");
		return 400;
	}
	leaf = json_object_get(store->live, name);
	if (leaf) {
		json_object_set(flat, name, leaf);
		return 0;
	}
	error = mixup(store->live, name);
	if (!error)
		return 0;
	*ret_why = text_format("Data store error during get_key: Reading key '%s' "
	                       "failed: %s (os error %d)",
	                       key, strerror(error), error);
	return 500;
}
