/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_BUF_H
#define BASE_TEXT_BUF_H

/*
 * A growable text. An empty buffer is {0}. Once something was added, `text` is always
 * NUL-terminated. Free with buf_done() or take the text out with buf_take().
 */

#include "base/macro.h"

#include <stddef.h>

struct buf {
	char *text;
	size_t len, cap;
};

void buf_add_n(struct buf *b, const char *s, size_t n);
void buf_add(struct buf *b, const char *s);
void buf_addf(struct buf *b, const char *fmt, ...) _printf_(2, 3);

/* Add `item`, with `separator` before it unless the buffer is empty. */
void buf_join(struct buf *b, const char *separator, const char *item);

/* Take the text out ("" if nothing was added) and leave the buffer empty. */
char *buf_take(struct buf *b) _must_check_;

/* For _cleanup_. */
void buf_done(struct buf *b);

#define _buf_ _cleanup_(buf_done)

#endif
