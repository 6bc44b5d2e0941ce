/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The data store: live keys, and pending keys per transaction. All values are leaves. */
#ifndef API_STORE_H
#define API_STORE_H

#include <jansson.h>
#include <stdbool.h>

struct store;

struct store *store_new(void);
void store_free(struct store *store);

/**
 * store_load - add a tree to the live keys
 * @tree: borrowed
 * @name: the branch: "settings", "services" or "configuration-files"
 *
 * Return: false if a member name is invalid in a key.
 */
bool store_load(struct store *store, json_t *tree, const char *name);

/* The name of a directory for a transaction: all but [A-Za-z0-9_-] as %XX. The caller
 * owns it; the functions below take it as @tx. */
char *store_encode(const char *name, size_t len);

/**
 * store_patch - merge settings into a transaction
 * @settings: borrowed
 * @weak: commit them as weak
 * @ret_why: on failure, the text of the error; owned by the caller
 *
 * Settings without a leaf leave no trace, so a later commit finds nothing pending.
 */
bool store_patch(struct store *store, const char *tx, json_t *settings, bool weak,
                 char **ret_why);

/* Mark a setting as weak: an OS update drops it. A commit makes it strong again. Settings
 * are strong by default. */
void store_weaken(struct store *store, const char *key);
bool store_is_weak(const struct store *store, const char *key);

/* Drop all weak settings, as an update or a downgrade of the OS does. */
void store_update(struct store *store);

/**
 * store_branch - get the live keys of a branch that match a prefix
 * @name: "settings", "services" or "configuration-files"
 * @prefix: text prefix of the whole name; if it ends within the name of the branch, it
 * matches all keys
 *
 * Return: a new tree without the name of the branch, or NULL if nothing matches.
 */
json_t *store_branch(const struct store *store, const char *name, const char *prefix);

/* Get the settings of a transaction: a new tree, or NULL if there are none. */
json_t *store_pending(const struct store *store, const char *tx);

/**
 * store_pick - look a key up
 * @key: any spelling that key_split() accepts
 * @flat: receives the leaf under its canonical name, if the key is set
 * @ret_why: the text of the error; owned by the caller
 *
 * Return: 0, also for an unset key; 400 or 500 on failure.
 */
int store_pick(const struct store *store, const char *key, json_t *flat, char **ret_why);

/* Build a tree of the leaves whose names begin with @prefix: a new reference. */
json_t *store_tree(json_t *flat, const char *prefix);

/* List the keys that begin with @prefix, in random order: a new array. */
json_t *store_names(const struct store *store, const char *prefix);

/* Make a transaction live: a new array of its keys in random order, maybe empty. NULL
 * with
 * @ret_why set if the checks of core kit @kit reject it. */
json_t *store_commit(struct store *store, const char *tx, int kit, char **ret_why);

/* Drop a transaction: a new array of its keys, or NULL with @ret_why set on failure. */
json_t *store_delete(struct store *store, const char *tx, char **ret_why);

/* List the open transactions, in random order: a new array. */
json_t *store_transactions(const struct store *store);

#endif
