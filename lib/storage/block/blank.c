/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/blank.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* A multiple of every drive's sector size, as direct I/O requires. */
#define BLOCK_BYTES 4096
#define CHUNK_BYTES (128 * 1024)

static bool is_zero(const char *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/*
 * Use direct I/O: the block device's page cache may be older than what a mounted file
 * system has written.
 */
static void set_direct(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		(void)fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT);
}

/* Return: as disk_blank_check(). `chunk` has CHUNK_BYTES, aligned. */
static int find_data(int fd, char *chunk, uint64_t from, uint64_t n, struct err *e)
{
	while (n > 0) {
		size_t want = n < CHUNK_BYTES ? (size_t)n : CHUNK_BYTES;
		ssize_t got = pread(fd, chunk, want, (off_t)from);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_errno(e, got < 0 ? errno : EIO,
			                 "read at byte %" PRIu64, from);
		if (!is_zero(chunk, (size_t)got))
			return 1;
		from += (uint64_t)got;
		n -= (uint64_t)got;
	}
	return 0;
}

int blk_read(int fd, void *data, size_t n, uint64_t at, struct err *e)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got =
			pread(fd, (char *)data + done, n - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_errno(e, got < 0 ? errno : EIO,
			                 "read at byte %" PRIu64, at + done);
		done += (size_t)got;
	}
	return 0;
}

/* Unpredictable places; they need no cryptographic quality. */
static uint64_t next_random(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t new_seed(void)
{
	struct timespec now;
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
		return seed;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_nsec;
}

static int find_in_samples(int fd, char *chunk, uint64_t from, uint64_t n, struct err *e)
{
	uint64_t part = n / DISK_BLANK_SAMPLES / BLOCK_BYTES, seed = new_seed();
	uint64_t step = part * BLOCK_BYTES;
	int r = 0;

	if (part < 2)
		return find_data(fd, chunk, from, n, e);
	for (uint64_t at = from; r == 0 && at + BLOCK_BYTES <= from + n; at += step) {
		uint64_t place = at + next_random(&seed) % part * BLOCK_BYTES;

		if (place + BLOCK_BYTES <= from + n)
			r = find_data(fd, chunk, place, BLOCK_BYTES, e);
	}
	return r;
}

static int disk_blank_check_range(int fd, char *chunk, uint64_t skip, uint64_t size,
                                  struct err *e)
{
	uint64_t start = skip + DISK_BLANK_EDGE, end = size - DISK_BLANK_EDGE;
	int r;

	if (size <= skip + 2 * (uint64_t)DISK_BLANK_EDGE)
		return find_data(fd, chunk, skip, size - skip, e);
	r = find_data(fd, chunk, skip, DISK_BLANK_EDGE, e);
	if (r == 0)
		r = find_data(fd, chunk, end, DISK_BLANK_EDGE, e);
	/*
	 * start at a block boundary, even if the drive's size is not a multiple of a
	 * block
	 */
	return r ? r : find_in_samples(fd, chunk, start, end - start, e);
}

int disk_blank_check(int fd, uint64_t skip, uint64_t size, struct err *e)
{
	_free_ char *chunk = NULL;
	int r;

	/* where there is nothing to read, nothing is proven */
	if (skip >= size)
		return err_set(e, -ERANGE, "byte %" PRIu64 " is behind its end", skip);
	chunk = aligned_alloc(BLOCK_BYTES, CHUNK_BYTES);
	if (!chunk)
		return err_errno(e, ENOMEM, "read the drive");
	set_direct(fd, true);
	r = disk_blank_check_range(fd, chunk, skip, size, e);
	set_direct(fd, false);
	/* a regular file in place of a drive may not support direct I/O */
	return r == -EINVAL ? disk_blank_check_range(fd, chunk, skip, size, e) : r;
}
