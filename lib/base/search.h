/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_SEARCH_H
#define BASE_SEARCH_H

#include <stddef.h>

/*
 * Find the first of the elements of a sorted list that `compare` calls equal to the key.
 * bsearch() returns any of them, another one for each C library. compare(key, element)
 * returns a number below, at or above 0. Return: NULL if there is none.
 */
const void *search_first(const void *key, const void *list, size_t n, size_t size,
                         int (*compare)(const void *key, const void *element));

#endif
