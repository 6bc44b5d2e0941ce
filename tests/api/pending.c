/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Transactions of the data store. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "store_parts.h"
#include "util.h"

#define STORE_PATH    "/var/lib/bottlerocket/datastore/current"
#define FILE_NAME_MAX 255

/* The core kit that checks a commit and commits no transaction without a name. */
#define KIT_CHECKS 600

char *store_encode(const char *name, size_t len)
{
	struct buf out = {0};

	buf_add(&out, "", 0);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];
		char code[4];

		if ((c < 0x80 && isalnum(c)) || c == '_' || c == '-')
			snprintf(code, sizeof(code), "%c", c);
		else
			snprintf(code, sizeof(code), "%%%02X", c);
		buf_add(&out, code, strlen(code));
	}
	return out.data;
}

/* The name that store_encode() was given. */
static json_t *decoded(const char *tx)
{
	struct buf out = {0};
	json_t *name;
	unsigned int c;

	buf_add(&out, "", 0);
	for (; *tx; tx++) {
		char byte = *tx;

		if (*tx == '%' && sscanf(tx + 1, "%2x", &c) == 1) {
			byte = (char)c;
			tx += 2;
		}
		buf_add(&out, &byte, 1);
	}
	name = json_stringn(out.data, out.len);
	buf_done(&out);
	return name;
}

static char *long_name_error(const char *op, const char *tx)
{
	return text_format("Data store error during %s: IO error on '%s/pending/%s': "
	                   "File name too long (os error %d)",
	                   op, STORE_PATH, tx, ENAMETOOLONG);
}

/* The member of that name, made if it is not there. */
static json_t *subtree(json_t *object, const char *name)
{
	if (!json_object_get(object, name))
		json_object_set_new(object, name, json_object());
	return json_object_get(object, name);
}

bool store_patch(struct store *store, const char *tx, json_t *settings, bool weak,
                 char **ret_why)
{
	cleanup_text char *why = NULL;
	json_auto_t *flat = json_object();
	const char *key;
	json_t *leaf;

	if (!store_flatten(settings, "settings", flat, &why)) {
		*ret_why = text_format("Error serializing Settings: Error creating valid "
		                       "datastore key: %s ",
		                       why);
		return false;
	}
	if (!json_object_size(flat))
		return true;
	if (strlen(tx) > FILE_NAME_MAX) {
		*ret_why = long_name_error("set_keys", tx);
		return false;
	}
	json_object_foreach(flat, key, leaf) {
		json_object_set(subtree(store->pending, tx), key, leaf);
		json_object_set_new(subtree(store->pending_weak, tx), key,
		                    json_boolean(weak));
	}
	return true;
}

json_t *store_pending(const struct store *store, const char *tx)
{
	json_auto_t *tree = store_tree(json_object_get(store->pending, tx), "settings.");

	return json_incref(json_object_get(tree, "settings"));
}

/* The directory of the transaction without a name is the parent of all others, so they
 * go too. */
static void drop(struct store *store, const char *tx)
{
	if (*tx) {
		json_object_del(store->pending, tx);
		json_object_del(store->pending_weak, tx);
	} else {
		json_object_clear(store->pending);
		json_object_clear(store->pending_weak);
	}
}

/* A setting that is there as strong cannot be made weak. */
static bool approve(const struct store *store, json_t *marks, char **ret_why)
{
	const char *key;
	json_t *mark;

	json_object_foreach(marks, key, mark) {
		if (!json_is_true(mark) || !json_object_get(store->live, key) ||
		    store_is_weak(store, key))
			continue;
		*ret_why = text_format("Data store error during commit: Check constraint "
		                       "function rejected the transaction. Aborting "
		                       "commit: Cannot change setting %s strength from "
		                       "strong to weak",
		                       key);
		return false;
	}
	return true;
}

json_t *store_commit(struct store *store, const char *tx, int kit, char **ret_why)
{
	json_t *flat = json_object_get(store->pending, tx);
	json_t *marks = json_object_get(store->pending_weak, tx);
	json_t *names, *mark;
	const char *key;

	if (!flat || (!*tx && kit >= KIT_CHECKS))
		return json_array();
	if (!approve(store, marks, ret_why))
		return NULL;
	names = store_names_of(flat, "");
	json_object_update(store->live, flat);
	json_object_foreach(marks, key, mark) {
		if (json_is_true(mark))
			json_object_set(store->weak, key, mark);
		else
			json_object_del(store->weak, key);
	}
	drop(store, tx);
	return names;
}

json_t *store_delete(struct store *store, const char *tx, char **ret_why)
{
	json_t *flat = json_object_get(store->pending, tx);
	json_t *names;

	if (strlen(tx) > FILE_NAME_MAX) {
		*ret_why = long_name_error("delete_pending", tx);
		return NULL;
	}
	names = flat ? store_names_of(flat, "") : json_array();
	drop(store, tx);
	return names;
}

json_t *store_transactions(const struct store *store)
{
	json_t *names = json_array();
	const char *tx;
	json_t *flat;

	/* What the transaction without a name leaves in the parent looks like one of
	 * that name. */
	json_object_foreach(store->pending, tx, flat)
		json_array_append_new(names, *tx ? decoded(tx) : json_string("settings"));
	return store_shuffled(names);
}
