/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_DISPLAY_H
#define BASE_TEXT_DISPLAY_H

/*
 * Texts for people, in columns of a terminal. A value may come from any file: what a
 * terminal would act on is made visible, and what is wide or combining is counted so.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Copy a text with control characters, marks that change its direction, and bytes that
 * are not UTF-8 as escapes: "\n", "\x1b", "\u202e". A backslash stays one. Owned by the
 * caller; NULL stays NULL.
 */
char *display_text(const char *text);

/* Whether a character is C0, DEL or C1, or reorders or hides the text around it. */
bool display_is_control(uint32_t c);

/* The columns that a result of display_text() takes. */
size_t display_width(const char *text);

/*
 * Shorten a result of display_text() to at most `width` columns, by "..." in its middle:
 * both ends of a path or of a vector matter. Owned by the caller.
 */
char *display_shorten(const char *text, size_t width);

/* Add `text` and blanks up to `width` columns, or blanks first. */
void display_pad(struct buf *b, const char *text, size_t width);
void display_pad_right(struct buf *b, const char *text, size_t width);

/*
 * Add a result of display_text() in lines of at most `width` columns. The first continues
 * a line at column `at`, the others start with `indent` blanks. A word is broken only if
 * it is longer than a whole line. The last line is not ended.
 */
void display_wrap(struct buf *b, const char *text, size_t at, size_t indent,
                  size_t width);

#endif
