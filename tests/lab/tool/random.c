/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool random FILE READERS COUNT SEED read|map
 *
 * READERS processes read COUNT pages each of FILE, in random order, with pread(2) or from
 * a mapping, as databases do. Print the time of all.
 */
#include "tool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

static _Noreturn void read_pages(const char *path, long count, uint64_t state, int map)
{
	static char page[PAGE];
	volatile const char *mapped = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		die(path);
	if (map)
		mapped = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (mapped == MAP_FAILED)
		die("mmap");
	for (; count > 0; count--) {
		off_t at = (off_t)(random_next(&state) % (uint64_t)(st.st_size / PAGE)) *
		           PAGE;

		if (mapped)
			(void)mapped[at];
		else if (pread(fd, page, PAGE, at) != PAGE)
			die(path);
	}
	exit(0);
}

int tool_random(int argc, char **argv)
{
	uint64_t seed = (uint64_t)number(argv[4]) * 1000003;
	int64_t start = now_us();
	int status, failed = 0;

	(void)argc;
	for (long i = number(argv[2]); i > 0; i--)
		if (fork() == 0)
			read_pages(argv[1], number(argv[3]), seed + (uint64_t)i,
			           strcmp(argv[5], "map") == 0);
	while (wait(&status) > 0)
		failed |= status;
	(void)printf("random.time %lld\n", (long long)(now_us() - start));
	return failed != 0;
}
