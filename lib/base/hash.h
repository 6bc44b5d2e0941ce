/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_HASH_H
#define BASE_HASH_H

/*
 * FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): recognises change and
 * damage, not malice.
 */

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* Continue the hash `h`, which begins as HASH_START, with `n` bytes. */
uint64_t hash_bytes(uint64_t h, const void *bytes, size_t n);

#endif
