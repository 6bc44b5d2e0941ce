/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Keys of the data store: segments joined by dots, quoted if they contain a dot. */
#ifndef API_KEY_H
#define API_KEY_H

#include <jansson.h>

/**
 * key_split - split a name into its segments
 * @name: for example settings.kernel.sysctl."vm.swappiness"
 * @ret_why: on failure, the message of the real data store; owned by the caller
 *
 * Return: a new array of segments, or NULL.
 */
json_t *key_split(const char *name, char **ret_why);

/* Join segments to a canonical name; the caller owns it. */
char *key_join(const json_t *segments);

/**
 * key_append - name of a member
 * @parent: canonical name, or NULL for the root
 * @segment: name of the member, unquoted
 * @ret_why: on failure, the message of the real data store; owned by the caller
 *
 * Return: the canonical name, owned by the caller, or NULL: a character that no key may
 * have, or more than 255 bytes.
 */
char *key_append(const char *parent, const char *segment, char **ret_why);

#endif
