/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_SETTING_H
#define BOTTLEROCKET_SETTING_H

/*
 * Bottlerocket settings: their dotted names, and when two values are the same.
 *
 * A dotted name is what apiclient shows: segments joined by ".", one that holds a dot
 * in double quotes (settings.kernel.sysctl."vm.max_map_count"). Any list of segments
 * can be written and read back.
 */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

struct node;

/* The dotted name of n segments. Owned by the caller. */
char *setting_path_format(const char *const *segments, size_t n);

/*
 * The segments of a dotted name, ended by NULL; *ret_n (may be NULL) is their number.
 * Owned by the caller. NULL if it is not one: empty, a segment missing, a quote open.
 */
char **setting_path_split(const char *path, size_t *ret_n);

void setting_path_free(char **segments);
void setting_path_freep(char ***segments);

#define _setting_path_ _cleanup_(setting_path_freep)

/*
 * Whether the host has what is wanted. A number is the same however it is written and
 * may be a text on one side, as the host keeps some (12 and "12"); two texts are
 * compared as they are. Lists item by item; of a map, what is wanted has to be there.
 */
bool setting_same(const struct node *wanted, const struct node *live);

#endif
