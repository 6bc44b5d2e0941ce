/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "key.h"
#include "store.h"
#include "util.h"

#define STORE_PATH    "/var/lib/bottlerocket/datastore/current"
#define FILE_NAME_MAX 255

struct store {
	json_t *live;    /* name of key: leaf */
	json_t *pending; /* name of transaction: { name of key: leaf } */
	json_t *weak;    /* names of live keys, as members */
};

struct store *store_new(void)
{
	struct store *store = calloc(1, sizeof(*store));

	if (!store)
		die("out of memory");
	store->live = json_object();
	store->pending = json_object();
	store->weak = json_object();
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	json_decref(store->live);
	json_decref(store->pending);
	json_decref(store->weak);
	free(store);
}

/* Flatten a tree below `name`; null members are absent ones, empty maps vanish. */
static bool flatten(json_t *tree, const char *name, json_t *flat)
{
	const char *member;
	json_t *value;

	if (!json_is_object(tree)) {
		json_object_set_new(flat, name, json_deep_copy(tree));
		return true;
	}
	json_object_foreach(tree, member, value) {
		cleanup_text char *child = key_append(name, member);

		if (json_is_null(value))
			continue;
		if (!child || !flatten(value, child, flat))
			return false;
	}
	return true;
}

bool store_load(struct store *store, json_t *tree, const char *name)
{
	return flatten(tree, name, store->live);
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

/* A transaction is a directory, named by everything but [A-Za-z0-9_-] encoded as %XX. */
static bool name_too_long(const char *tx)
{
	size_t len = 0;

	for (; *tx; tx++)
		len += isalnum((unsigned char)*tx) || strchr("_-", *tx) ? 1 : 3;
	return len > FILE_NAME_MAX;
}

static char *long_name_error(const char *op, const char *tx)
{
	return text_format("Data store error during %s: IO error on '%s/pending/%s': "
	                   "File name too long (os error %d)",
	                   op, STORE_PATH, tx, ENAMETOOLONG);
}

bool store_patch(struct store *store, const char *tx, json_t *settings, char **ret_why)
{
	json_auto_t *flat = json_object();
	json_t *pending = json_object_get(store->pending, tx);

	if (!flatten(settings, "settings", flat)) {
		*ret_why = text_copy("Error serializing Settings: Key name has invalid "
		                     "format ");
		return false;
	}
	if (!json_object_size(flat))
		return true;
	if (name_too_long(tx)) {
		*ret_why = long_name_error("set_keys", tx);
		return false;
	}
	if (pending)
		return json_object_update(pending, flat) == 0;
	return json_object_set(store->pending, tx, flat) == 0;
}

/* Nobody may rely on an order, since the real one walks hash sets. */
static json_t *shuffled(json_t *array)
{
	for (size_t i = json_array_size(array); i > 1; i--) {
		size_t j = (size_t)rand() % i;
		json_auto_t *last = json_incref(json_array_get(array, i - 1));

		json_array_set(array, i - 1, json_array_get(array, j));
		json_array_set(array, j, last);
	}
	return array;
}

static json_t *names_of(json_t *flat, const char *prefix)
{
	json_t *names = json_array();
	const char *name;
	json_t *leaf;

	json_object_foreach(flat, name, leaf)
		if (begins(name, prefix))
			json_array_append_new(names, json_string(name));
	return shuffled(names);
}

json_t *store_names(const struct store *store, const char *prefix)
{
	return names_of(store->live, prefix);
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
	json_auto_t *names = names_of(flat, prefix);
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

json_t *store_pending(const struct store *store, const char *tx)
{
	json_auto_t *tree = store_tree(json_object_get(store->pending, tx), "settings.");

	return json_incref(json_object_get(tree, "settings"));
}

/* In the file system a key is a file and its parents are directories: reading one as
 * the other is an I/O error and not an absent key. */
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

/* The directory of the empty transaction is the parent of all others, so they go, too. */
static void drop(struct store *store, const char *tx)
{
	if (*tx)
		json_object_del(store->pending, tx);
	else
		json_object_clear(store->pending);
}

json_t *store_commit(struct store *store, const char *tx)
{
	json_t *flat = json_object_get(store->pending, tx);
	json_t *names, *leaf;
	const char *key;

	if (!flat)
		return json_array();
	names = names_of(flat, "");
	json_object_update(store->live, flat);
	json_object_foreach(flat, key, leaf)
		json_object_del(store->weak, key);
	drop(store, tx);
	return names;
}

json_t *store_delete(struct store *store, const char *tx, char **ret_why)
{
	json_t *flat = json_object_get(store->pending, tx);
	json_t *names;

	if (name_too_long(tx)) {
		*ret_why = long_name_error("delete_pending", tx);
		return NULL;
	}
	names = flat ? names_of(flat, "") : json_array();
	drop(store, tx);
	return names;
}

json_t *store_transactions(const struct store *store)
{
	json_t *names = json_array();
	const char *tx;
	json_t *flat;

	/* What the empty transaction leaves in the parent looks like one of that name. */
	json_object_foreach(store->pending, tx, flat)
		json_array_append_new(names, json_string(*tx ? tx : "settings"));
	return shuffled(names);
}
