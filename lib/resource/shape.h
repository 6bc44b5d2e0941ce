/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_SHAPE_H
#define RESOURCE_SHAPE_H

/*
 * How a list or mapping is written, for messages about a value of another shape. The
 * user's own value is used where it fits. All texts are owned by the caller.
 */

#include <stdbool.h>

struct node;

/* `modules: [nfsd]`, or `modules: [WORD, ...]`. */
char *shape_list(const char *key, const struct node *given);

/* `storage: [{name: data}]`, or `storage: [{name: NAME, ...}]`. */
char *shape_items(const char *key, const struct node *given);

/*
 * `nfsd: {threads: 8}`, or `mkfs: {agcount: VALUE, ...}`. `member`: one of its keys;
 * `number`: that takes a number.
 */
char *shape_map(const char *key, const char *member, bool number,
                const struct node *given);

/* `name: x`, or `name: VALUE`. */
char *shape_scalar(const char *key, const struct node *given);

#endif
