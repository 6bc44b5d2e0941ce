/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Readers of values, one for each shape. */
#ifndef API_READ_H
#define API_READ_H

#include "model.h"

typedef json_t *reader(const struct model *model, struct de *de);

reader read_tuple, read_struct;
reader read_limit, read_percent, read_ip, read_ips, read_command;
reader read_taints, read_mirrors, read_reservation;

/* Reject the next value: "invalid type: FOUND, expected WHAT". Always NULL. */
json_t *read_mismatch(struct de *de, const char *what);

/*
 * Return @out if the list or object ends as it should, else NULL; takes @out.
 * @good: false if the content was rejected.
 */
json_t *read_leave(struct de *de, char bracket, bool good, json_t *out);

/* Read a key by its rule, and the colon. The key is appended to @key. */
bool read_key(const struct text *rule, struct de *de, struct buf *key);

/* Read a value that serde buffers first: a complaint about it has no position yet. */
json_t *read_buffered(const struct model *model, const struct buf *text, struct de *de);

/* Reject a value that fits none of the shapes of an enum without tags. Always NULL. */
json_t *read_no_variant(struct de *de, const char *type);

#endif
