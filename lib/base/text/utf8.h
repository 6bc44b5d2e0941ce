/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_UTF8_H
#define BASE_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Decode the character at *p, which is before `end`, and move *p behind it. Return: its
 * code point; -1 if it is not UTF-8, with *p unchanged.
 */
int32_t utf8_next(const char **p, const char *end);

/* Append a character. Return: false if there is none with that code point. */
bool utf8_add(struct buf *b, uint32_t code);

/*
 * Whether a YAML document can contain the character as it is: printable, a tab or a line
 * feed. Other line ends and byte order marks change what a YAML reader sees.
 */
bool utf8_is_printable(int32_t code);

/* Copy a text; one that is not UTF-8 is taken as Latin-1, so that it becomes UTF-8. Owned
 * by the caller. */
char *utf8_or_latin1(const char *text);

/* Whether the whole text is UTF-8 and printable. */
bool utf8_all_printable(const char *text);

#endif
