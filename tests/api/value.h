/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any JSON value, as text. */
#ifndef API_VALUE_H
#define API_VALUE_H

#include "de.h"

/*
 * Read any value and append it to @out without white space and with the members of each
 * object sorted; of members with one name the last one counts. This is the form in which
 * the real server hands settings to the library that checks them.
 */
bool value_compact(struct de *de, struct buf *out);

/* Read any value and drop it. */
bool value_skip(struct de *de);

/* Append a string in quotes, escaped as serde_json does. */
void value_add_string(struct buf *out, const char *text, size_t len);

#endif
