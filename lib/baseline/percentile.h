/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_PERCENTILE_H
#define BASELINE_PERCENTILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The smallest of `n` values that is not smaller than `percent` of them (nearest rank);
 * 0 if there are none. `percent`: 1 to 100.
 */
uint64_t percentile(const uint64_t *values, size_t n, unsigned percent);

#endif
