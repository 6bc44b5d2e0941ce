/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_SETTING_H
#define BOTTLEROCKET_SETTING_H

/*
 * Bottlerocket settings: their dotted names, and when two values are equal.
 *
 * A dotted name is what apiclient prints: segments joined by ".". A segment that contains
 * a dot is in double quotes (settings.kernel.sysctl."vm.max_map_count"). Every list of
 * segments has a dotted name that splits into the same list.
 */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

struct node;

/* Format n segments as a dotted name. Owned by the caller. */
char *setting_path_format(const char *const *segments, size_t n);

/*
 * Split a dotted name into segments, ended by NULL; *ret_n (may be NULL) is their number.
 * Owned by the caller, freed with setting_path_free(). NULL if it is not a dotted name:
 * empty, an empty segment without quotes, an unclosed quote.
 */
char **setting_path_split(const char *path, size_t *ret_n);

void setting_path_free(char **segments);
void setting_path_freep(char ***segments);

#define _setting_path_ _cleanup_(setting_path_freep)

/*
 * Whether the host has the wanted value. Numbers are compared by value, also if one side
 * is a string, since the API stores some numbers as strings (12 and "12"). Two strings
 * are compared as they are, lists item by item. A map may have more keys than wanted.
 */
bool setting_same(const struct node *wanted, const struct node *live);

/* The same; `also` (may be NULL) is asked about each two single values that differ. */
bool setting_same_or(const struct node *wanted, const struct node *live,
                     bool (*also)(const struct node *wanted, const struct node *live));

#endif
