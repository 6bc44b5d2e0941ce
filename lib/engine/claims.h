/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_CLAIMS_H
#define ENGINE_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

struct host;
struct resource;

/*
 * Refuse each resource that selects a drive, or sets a file of /sys, which an earlier one
 * selects or sets, too; but two of one kind that compares its files. All were observed.
 *
 * `refuse_both`: also the earlier one, since which of them was meant is unknown.
 */
void claims_check(struct resource *const *list, size_t n, const struct host *h,
                  bool refuse_both);

#endif
