/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as the file of a bundle, compressed or not: it is refused in words, or all
 * that it has lies below its root, within the limits. What is changed of a tar file gets
 * its checksums again: else nearly every input ends there.
 */
#include "fuzz.h"

#include "bundle/bundle.h"
#include "bundle/load.h"
#include "doc/node.h"

#include <stdio.h>
#include <string.h>

#define BLOCK       512
#define SUM_AT      148
#define SUM_BYTES   8
#define SIZE_AT     124
#define MAGIC_AT    257
#define SIZE_DIGITS 12

static void sum_header(uint8_t *block)
{
	unsigned sum = 0;

	memset(block + SUM_AT, ' ', SUM_BYTES);
	for (size_t i = 0; i < BLOCK; i++)
		sum += block[i];
	(void)snprintf((char *)block + SUM_AT, SUM_BYTES, "%06o", sum & 0777777);
}

static size_t size_of(const uint8_t *block)
{
	size_t size = 0;

	for (size_t i = SIZE_AT; i < SIZE_AT + SIZE_DIGITS; i++)
		if (block[i] >= '0' && block[i] <= '7')
			size = (size * 8 + (size_t)(block[i] - '0')) & 0xffffff;
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	size = LLVMFuzzerMutate(data, size, max);
	if (fuzz_random(&seed, 8) == 0)
		return size;
	for (size_t at = 0; at + BLOCK <= size; at += BLOCK) {
		if (memcmp(data + at + MAGIC_AT, "ustar", 5) != 0)
			continue;
		sum_header(data + at);
		at += (size_of(data + at) + BLOCK - 1) / BLOCK * BLOCK;
	}
	return size;
}

static void check(const struct bundle *b)
{
	size_t bytes = 0;

	assert(b->n <= BUNDLE_FILES_MAX && b->manifest);
	for (size_t i = 0; i < b->n; i++) {
		const struct bundle_file *f = &b->files[i];

		assert(*f->path == '/' && strlen(f->path) < BUNDLE_PATH_MAX);
		assert(!strstr(f->path, "/../") && !strstr(f->path, "//"));
		assert(!f->data || f->data[f->len] == '\0');
		assert(i == 0 || strcmp(b->files[i - 1].path, f->path) <= 0);
		bytes += f->len;
	}
	assert(bytes <= BUNDLE_BYTES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_bundle_ struct bundle *b = NULL;
	struct err e = {0};

	if (bundle_load(fuzz_file(data, size), &b, &e) < 0) {
		assert(e.code < 0 && *e.text && !b);
		for (const char *p = e.text; *p; p++)
			assert((unsigned char)*p >= ' ');
	} else {
		check(b);
	}
	return 0;
}
