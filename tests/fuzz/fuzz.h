/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

/* What all targets share: tests/fuzz/smoke.sh runs each fuzz_*.c here. */

/* what holds for every input is asserted, whatever the flags of the build */
#undef NDEBUG

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* libFuzzer has no header for it. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
