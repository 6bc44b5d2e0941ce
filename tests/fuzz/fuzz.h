/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

/* Shared by all fuzz targets. tests/fuzz/targets lists them, tests/fuzz/run.sh runs them.
 */

/* invariants are asserted whatever the build flags */
#undef NDEBUG

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bundle;

/* The entry point, for which libFuzzer has no header. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Change an input in place: `size` bytes, of at most `max`. A target that knows the
 * structure of its input defines it. Return: the new size.
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

/* libFuzzer's own change of bytes. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

/*
 * A change of a JSON or YAML document as a tree: values are moved, copied, replaced,
 * wrapped. Some changes, and all of what is no document, are those of bytes.
 */
size_t fuzz_mutate_tree(uint8_t *data, size_t size, size_t max, unsigned seed);

#define FUZZ_MUTATES_TREES                                                     \
	size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, \
	                               unsigned seed)                          \
	{                                                                      \
		return fuzz_mutate_tree(data, size, max, seed);                \
	}

/* A number below `below`, which is not 0, and the next state of the generator. */
unsigned fuzz_random(unsigned *seed, unsigned below);

/* Make the bytes the content of standard input, a file. */
void fuzz_stdin(const void *data, size_t size);

/* Make the bytes the content of a file. Return: its path, valid until the next call. */
const char *fuzz_file(const void *data, size_t size);

/* Add a text as a file. */
void fuzz_add(struct bundle *b, const char *path, const char *text);

#endif
