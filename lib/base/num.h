/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_NUM_H
#define BASE_NUM_H

/*
 * Strict numbers: the whole text is the number, nothing is skipped, overflow is
 * an error. Return: 0, -EINVAL (not a number of this form) or -ERANGE.
 */

#include <stdbool.h>
#include <stdint.h>

/* Decimal digits only. */
int num_u64(const char *s, uint64_t *ret);

/* Decimal digits, perhaps with a minus before them. */
int num_i64(const char *s, int64_t *ret);

/*
 * Decimal digits and perhaps a unit: KiB MiB GiB TiB are powers of 1024, k M G T
 * powers of 1000. No unit: as it stands.
 */
int num_size(const char *s, uint64_t *ret);

/* "version 6.1.0-40-amd64" -> 6.1 packed as NUM_VERSION(6, 1); 0: no number there. */
#define NUM_VERSION(major, minor) ((unsigned)(major) << 16 | (unsigned)(minor))
unsigned num_version(const char *s);

#endif
