/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The data store: live keys, and pending keys by transaction. All values are leaves. */
#ifndef API_STORE_H
#define API_STORE_H

#include <jansson.h>
#include <stdbool.h>

struct store;

struct store *store_new(void);
void store_free(struct store *store);

/**
 * store_load - put a tree straight into the live keys
 * @tree: borrowed
 * @name: where to hang it: "settings", "services" or "configuration-files"
 *
 * Return: false when a member name is not fit for a key.
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

/* Mark the setting of that name as weak: dropped by an update of the OS. It is strong
 * again once it is committed. A setting that has no mark is strong. */
void store_weaken(struct store *store, const char *key);
bool store_is_weak(const struct store *store, const char *key);

/* What an update or a downgrade of the OS does: all weak settings go. */
void store_update(struct store *store);

/**
 * store_branch - what a prefix and a branch of the live keys have in common
 * @name: "settings", "services" or "configuration-files"
 * @prefix: textual, of the whole name of a key; one that is short of the branch takes
 * all of it
 *
 * Return: a new tree, without the name of the branch around it, or NULL for nothing.
 */
json_t *store_branch(const struct store *store, const char *name, const char *prefix);

/* The settings of a transaction: a new tree, or NULL for nothing. */
json_t *store_pending(const struct store *store, const char *tx);

/**
 * store_pick - look one key up
 * @key: any spelling that key_split takes
 * @flat: where to put the leaf under its canonical name, if there is one
 * @ret_why: the text of the error; owned by the caller
 *
 * Return: 0 also when the key is unset, 400 or 500 on failure.
 */
int store_pick(const struct store *store, const char *key, json_t *flat, char **ret_why);

/* Turn names and leaves into a tree, as far as the names begin with @prefix: a new
 * reference. */
json_t *store_tree(json_t *flat, const char *prefix);

/* The names of all keys below @prefix, in no order: a new array. */
json_t *store_names(const struct store *store, const char *prefix);

/* Move everything pending to live: a new array of key names in no order, maybe empty.
 * NULL with @ret_why set if the checks of core kit @kit reject it. */
json_t *store_commit(struct store *store, const char *tx, int kit, char **ret_why);

/* Like store_commit() without the move; NULL with @ret_why set if it fails. */
json_t *store_delete(struct store *store, const char *tx, char **ret_why);

/* The names of the open transactions, in no order: a new array. */
json_t *store_transactions(const struct store *store);

#endif
