/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool copy FROM TO cold|warm
 *
 * Copy a file as BusyBox's cp does: sendfile(2) in calls of 16 MiB. Print the time of
 * each call. "cold" first drops FROM from the cache, "warm" first reads it.
 */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

static void prepare(int fd, const char *how)
{
	static char buffer[1 << 16];

	if (strcmp(how, "cold") == 0) {
		errno = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		if (errno != 0)
			die("posix_fadvise");
		return;
	}
	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	if (lseek(fd, 0, SEEK_SET) < 0)
		die("lseek");
}

int tool_copy(int argc, char **argv)
{
	struct times calls = {.name = "sendfile"};
	int from = open(argv[1], O_RDONLY | O_CLOEXEC);
	int to = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	(void)argc;
	if (from < 0 || to < 0)
		die(from < 0 ? argv[1] : argv[2]);
	prepare(from, argv[3]);
	for (;;) {
		int64_t start = now_us();
		ssize_t n = sendfile(to, from, NULL, 16 << 20);

		if (n < 0)
			die("sendfile");
		if (n == 0)
			break;
		times_add(&calls, now_us() - start);
	}
	times_print(&calls);
	return close(to) < 0;
}
