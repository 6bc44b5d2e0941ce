/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * To preload: make one allocation fail, counted over the process and the children that it
 * forks. Programs that it runs get a separate environment, without this library.
 *
 *   NO_MEMORY_AT    its number, from 1; 0: none
 *   NO_MEMORY_NOTE  a file of 4096 zero bytes. Afterwards it has two lines: the number of
 *                   allocations, and who called the one that failed: "hosttune+0x1234",
 * for addr2line
 *
 * strdup(), getline(), opendir() and the other functions of glibc that allocate call
 * malloc() as it is replaced here.
 */
#include <dlfcn.h> /* Dl_info */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is replaced, by its other names in glibc. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* Shared with children. A confined one can write to it, too. */
struct note {
	char number[32];
	char where[256];
	_Atomic uint64_t count;
};

static struct note *shared;
static uint64_t at;

static void die(const char *what)
{
	(void)fprintf(stderr, "no-memory: %s: %s\n", what, strerror(errno));
	_exit(125);
}

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("NO_MEMORY_AT"), *file = getenv("NO_MEMORY_NOTE");
	void *memory;
	int fd;

	if (!number || !file)
		die("NO_MEMORY_AT and NO_MEMORY_NOTE");
	at = strtoull(number, NULL, 10);
	fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(file);
	memory = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		die(file);
	(void)close(fd);
	shared = memory;
}

/* Each count is written by who has counted: the last one stays. */
static int fails(const void *caller)
{
	uint64_t count;
	Dl_info info;

	if (!shared)
		return 0;
	count = atomic_fetch_add(&shared->count, 1) + 1;
	if (at == 0)
		(void)snprintf(shared->number, sizeof(shared->number), "%ju\n",
		               (uintmax_t)count);
	if (count != at)
		return 0;
	if (dladdr(caller, &info) && info.dli_fname)
		(void)snprintf(shared->where, sizeof(shared->where), "%s+0x%tx\n",
		               info.dli_fname,
		               (const char *)caller - (const char *)info.dli_fbase);
	errno = ENOMEM;
	return 1;
}

#define FAILS() fails(__builtin_return_address(0))

void *malloc(size_t size)
{
	return FAILS() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return FAILS() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return FAILS() ? NULL : __libc_realloc(p, size);
}

void *memalign(size_t alignment, size_t size)
{
	return FAILS() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return FAILS() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
	if (FAILS())
		return ENOMEM;
	*ret = __libc_memalign(alignment, size);
	return *ret ? 0 : ENOMEM;
}
