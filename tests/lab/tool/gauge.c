/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool gauge MILLISECONDS
 *
 * Until SIGTERM, print "TIME PAGES" at each step: milliseconds since the start, and the
 * pages that are dirty or on their way to the device. Last, print "dirty.max" and its
 * pages.
 */
#include "tool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long count_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

int tool_gauge(int argc, char **argv)
{
	long step = number(argv[1]), max = 0;
	int64_t start = now_us();
	char text[16384];
	int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);

	(void)argc;
	catch_term();
	while (!stopped) {
		ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
		long pages;

		if (n <= 0)
			die("/proc/vmstat");
		text[n] = '\0';
		pages = count_of(text, "\nnr_dirty ") + count_of(text, "\nnr_writeback ");
		max = pages > max ? pages : max;
		(void)printf("%lld %ld\n", (long long)(now_us() - start) / 1000, pages);
		sleep_us(step * 1000);
	}
	(void)printf("dirty.max %ld\n", max);
	return 0;
}
