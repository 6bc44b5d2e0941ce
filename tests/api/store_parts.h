/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the files of the data store share. */
#ifndef API_STORE_PARTS_H
#define API_STORE_PARTS_H

#include "store.h"

struct store {
	json_t *live;         /* name of key: leaf */
	json_t *pending;      /* transaction: { name of key: leaf } */
	json_t *pending_weak; /* transaction: names of keys to commit as weak */
	json_t *weak;         /* names of live keys, as members */
};

/* Flatten a tree below @name into @flat; null members are absent, empty maps vanish. */
bool store_flatten(json_t *tree, const char *name, json_t *flat, char **ret_why);

/* Shuffle an array, and return it. */
json_t *store_shuffled(json_t *array);

/* The names that begin with @prefix, shuffled: a new array. */
json_t *store_names_of(json_t *flat, const char *prefix);

#endif
