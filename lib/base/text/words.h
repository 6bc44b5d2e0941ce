/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_WORDS_H
#define BASE_TEXT_WORDS_H

/*
 * Lists of words in one text, such as "nvme1n1 nvme2n1" or "AWS1, AWS2". White space
 * around a word does not belong to it, and empty words are skipped.
 */

#include <stdbool.h>
#include <stddef.h>

/*
 * Find the next word of the list *rest, and move *rest behind it. NULL is an empty list.
 * Return: the word, *ret_len bytes long, not terminated; NULL at the end of the list.
 */
const char *words_next(const char **rest, char separator, size_t *ret_len);

/* Whether the list contains exactly this word. An empty word is in no list. */
bool words_have(const char *list, char separator, const char *word);

/* The same for a word of `len` bytes, not terminated, as words_next() returns it. */
bool words_have_n(const char *list, char separator, const char *word, size_t len);

/*
 * Collapse white space, also between lines, to single spaces, none around: the kernel
 * separates vectors with tabs. Owned by the caller.
 */
char *words_collapse(const char *text);

#endif
