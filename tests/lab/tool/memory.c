/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool memory MIB
 *
 * Fill so much memory. For each line of stdin, read all of it again and print how long
 * that took: what the kernel has swapped out in between must come back.
 */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

int tool_memory(int argc, char **argv)
{
	size_t size = (size_t)number(argv[1]) << 20;
	char *memory = malloc(size), line[16];

	(void)argc;
	if (!memory)
		die("memory");
	memset(memory, 'm', size);
	while (fgets(line, sizeof(line), stdin)) {
		int64_t start = now_us();

		for (size_t i = 0; i < size; i += PAGE)
			(void)*(volatile char *)(memory + i);
		(void)printf("memory.time %lld\n", (long long)(now_us() - start));
		(void)fflush(stdout);
	}
	free(memory);
	return 0;
}
