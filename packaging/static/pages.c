/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Pages of malloc(). That of musl maps pages for each size of blocks, and unmaps them as
 * soon as all are free: in a short run, most of all system calls, and half of its time.
 * They come from these regions instead, cleared when they are freed. What is larger, or
 * of another kind, is the kernel's.
 */

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define UNIT 4096
#define UNITS \
	256 /* of a region: less than a huge page, which would be cleared as a whole */
#define UNITS_AT_ONCE 16
#define REGIONS       16

static _Alignas(UNIT) char first[UNITS * UNIT];

static struct region {
	char *pages;
	size_t n_free;
	bool used[UNITS];
} regions[REGIONS] = {{first, UNITS, {false}}};

static void *map(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	long r = syscall(SYS_mmap, at, len, prot, flags, fd, offset);

	/* as in musl: from some kernels, this means that there is no memory */
	if (r == -1 && errno == EPERM && !at && (flags & MAP_ANONYMOUS))
		errno = ENOMEM;
	return (void *)r;
}

static void *take_units(struct region *r, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < UNITS; i++) {
		run = r->used[i] ? 0 : run + 1;
		if (run < n)
			continue;
		r->n_free -= n;
		memset(r->used + i + 1 - n, true, n);
		return r->pages + (i + 1 - n) * UNIT;
	}
	return NULL;
}

/* Return: NULL if there is no room. */
static void *take_pages(size_t n)
{
	for (struct region *r = regions; r < regions + REGIONS; r++) {
		void *pages;

		if (!r->pages) {
			pages = map(NULL, sizeof(first), PROT_READ | PROT_WRITE,
			            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			if (pages == MAP_FAILED)
				return NULL;
			r->pages = pages;
			r->n_free = UNITS;
		}
		pages = n <= r->n_free ? take_units(r, n) : NULL;
		if (pages)
			return pages;
	}
	return NULL;
}

static bool give_pages(char *pages, size_t n)
{
	for (struct region *r = regions; r < regions + REGIONS && r->pages; r++)
		if (pages >= r->pages && pages < r->pages + sizeof(first)) {
			memset(pages, 0, n * UNIT);
			memset(r->used + (pages - r->pages) / UNIT, false, n);
			r->n_free += n;
			return true;
		}
	return false;
}

/* malloc() calls these by the names that musl has for itself */
void *__mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
void *__mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	size_t n = len / UNIT;
	void *pages = NULL;

	if (!at && prot == (PROT_READ | PROT_WRITE) &&
	    flags == (MAP_PRIVATE | MAP_ANONYMOUS) && len % UNIT == 0 && n > 0 &&
	    n <= UNITS_AT_ONCE)
		pages = take_pages(n);
	return pages ? pages : map(at, len, prot, flags, fd, offset);
}

int __munmap(void *at, size_t len);
int __munmap(void *at, size_t len)
{
	return give_pages(at, len / UNIT) ? 0 : (int)syscall(SYS_munmap, at, len);
}

void *mmap(void *, size_t, int, int, int, off_t) __attribute__((alias("__mmap")));
int munmap(void *, size_t) __attribute__((alias("__munmap")));

/* For a process that stays: the kernel has the free pages again. */
int malloc_trim(size_t pad)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), each = page / UNIT;

	(void)pad;
	for (struct region *r = regions; r < regions + REGIONS && r->pages; r++) {
		size_t skip = (-(uintptr_t)r->pages & (page - 1)) / UNIT;

		for (size_t i = skip; i + each <= UNITS; i += each)
			if (!memchr(r->used + i, true, each))
				(void)madvise(r->pages + i * UNIT, page, MADV_DONTNEED);
	}
	return 1;
}
