/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool drain DIR: synchronize the file system of DIR; print the time.
 */
#include "tool.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int tool_drain(int argc, char **argv)
{
	int fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int64_t start = now_us();

	(void)argc;
	if (fd < 0 || syncfs(fd) < 0)
		die(argv[1]);
	(void)printf("drain.time %lld\n", (long long)(now_us() - start));
	return close(fd);
}
