/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What clang's memory sanitizer does not know: that these functions write memory. clang
 * 14 has the names that stat() and its relatives had before glibc 2.33, and libFuzzer is
 * not built with it. make check-msan links this with --wrap for each of them.
 */
#define _GNU_SOURCE
#include <sanitizer/msan_interface.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define KNOWN(name, type, ret, parameters, ...)             \
	int __real_##name parameters;                       \
	int __wrap_##name parameters;                       \
	int __wrap_##name parameters                        \
	{                                                   \
		int r = __real_##name(__VA_ARGS__);         \
                                                            \
		if (r == 0)                                 \
			__msan_unpoison(ret, sizeof(type)); \
		return r;                                   \
	}

KNOWN(stat64, struct stat64, st, (const char *path, struct stat64 *st), path, st)
KNOWN(lstat64, struct stat64, st, (const char *path, struct stat64 *st), path, st)
KNOWN(fstat64, struct stat64, st, (int fd, struct stat64 *st), fd, st)
KNOWN(fstatat64, struct stat64, st,
      (int dir, const char *path, struct stat64 *st, int flags), dir, path, st, flags)
KNOWN(statx, struct statx, st,
      (int dir, const char *path, int flags, unsigned mask, struct statx *st), dir, path,
      flags, mask, st)

/* Only fuzzers have it. */
__attribute__((weak)) size_t __real_LLVMFuzzerMutate(uint8_t *data, size_t size,
                                                     size_t max);
size_t __wrap_LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

size_t __wrap_LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	size_t n = __real_LLVMFuzzerMutate(data, size, max);

	__msan_unpoison(data, n);
	return n;
}
