/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_NUM_H
#define BASE_NUM_H

/*
 * Strict numbers: the whole text must be the number, without blanks, and overflow is an
 * error. Return: 0, -EINVAL (not a number of this form) or -ERANGE.
 */

#include <stdbool.h>
#include <stdint.h>

/* Parse decimal digits only. */
int num_u64(const char *s, uint64_t *ret);

/* Parse decimal digits with an optional minus. */
int num_i64(const char *s, int64_t *ret);

/*
 * Parse decimal digits with an optional unit: KiB MiB GiB TiB are powers of 1024,
 * k M G T powers of 1000.
 */
int num_size(const char *s, uint64_t *ret);

/*
 * Say what to write instead of a text that num_size() rejects: " (write 16MiB)" for
 * "16MB", "16 MiB" and "16mib"; " (a percentage of RAM is a formula: = memory / 10)" for
 * "10%"; "" if there is nothing to suggest. `ret` has NUM_HINT_BYTES.
 */
#define NUM_HINT_BYTES 96
void num_size_hint(const char *s, char *ret);

/*
 * Find the first version in a text: "version 6.1.0-40-amd64" -> NUM_VERSION(6, 1).
 * Return: 0 if there is none.
 */
#define NUM_VERSION(major, minor) ((unsigned)(major) << 16 | (unsigned)(minor))
unsigned num_version(const char *s);

#endif
