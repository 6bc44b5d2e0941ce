/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

/* Shared by all fuzz targets. tests/fuzz/smoke.sh runs each fuzz_*.c. */

/* invariants are asserted whatever the build flags */
#undef NDEBUG

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* The entry point, for which libFuzzer has no header. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
