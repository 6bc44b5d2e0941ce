/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool walk DIR [stat|read [NAME]]
 *
 * Ask for the attributes of each file below DIR, as find or backup programs do; with
 * "read", read each as well. Print "NAME.time", by default "walk.time".
 */
#include "tool.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int reading;

static int visit(const char *path, const struct stat *st, int type, struct FTW *at)
{
	static char buffer[1 << 16];
	int fd;

	(void)st;
	(void)at;
	if (!reading || type != FTW_F)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	return close(fd);
}

int tool_walk(int argc, char **argv)
{
	int64_t start = now_us();

	reading = argc > 2 && strcmp(argv[2], "read") == 0;
	if (nftw(argv[1], visit, 16, FTW_PHYS) != 0)
		die(argv[1]);
	(void)printf("%s.time %lld\n", argc > 3 ? argv[3] : "walk",
	             (long long)(now_us() - start));
	return 0;
}
