/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Inputs as files. */
#include "../fuzz.h"

#include "base/mem.h"
#include "bundle/bundle.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int memory_file(void)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	assert(fd >= 0);
	return fd;
}

static void fill(int fd, const void *data, size_t size)
{
	assert(ftruncate(fd, 0) == 0);
	assert(pwrite(fd, data, size, 0) == (ssize_t)size);
	assert(lseek(fd, 0, SEEK_SET) == 0);
}

void fuzz_stdin(const void *data, size_t size)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memory_file();
		assert(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	}
	fill(fd, data, size);
}

const char *fuzz_file(const void *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0)
		fd = memory_file();
	fill(fd, data, size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

void fuzz_add(struct bundle *b, const char *path, const char *text)
{
	bundle_add(b, path, mem_dup(text), strlen(text));
}
