/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool probe DIR PAUSE WARM-DIR
 *
 * Until SIGTERM, every PAUSE microseconds and in turn: write 4 KiB synchronously to a
 * file of DIR, ask for the attributes of another, open and read one of WARM-DIR that is
 * in the cache. Print the times.
 */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char block[4096];

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0644);

	if (fd < 0)
		die(path);
	return fd;
}

static void fill(const char *path)
{
	int fd = open_or_die(path, O_WRONLY | O_CREAT | O_TRUNC);

	if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block) || close(fd) < 0)
		die(path);
}

static void timed_write(int fd, struct times *t)
{
	int64_t start = now_us();

	if (pwrite(fd, block, sizeof(block), 0) != (ssize_t)sizeof(block) ||
	    fdatasync(fd) < 0)
		die("synchronous write");
	times_add(t, now_us() - start);
}

static void timed_stat(const char *path, struct times *t)
{
	struct stat st;
	int64_t start = now_us();

	if (stat(path, &st) < 0)
		die(path);
	times_add(t, now_us() - start);
}

static void timed_read(const char *path, struct times *t)
{
	int64_t start = now_us();
	int fd = open_or_die(path, O_RDONLY);

	if (read(fd, block, sizeof(block)) != (ssize_t)sizeof(block) || close(fd) < 0)
		die(path);
	times_add(t, now_us() - start);
}

int tool_probe(int argc, char **argv)
{
	struct times writes = {.name = "write"}, stats = {.name = "stat"};
	struct times reads = {.name = "read"};
	long pause = number(argv[2]);
	char written[4096], asked[4096], warm[4096];
	int fd;

	(void)argc;
	(void)snprintf(written, sizeof(written), "%s/probe-written", argv[1]);
	(void)snprintf(asked, sizeof(asked), "%s/probe-asked", argv[1]);
	(void)snprintf(warm, sizeof(warm), "%s/probe-warm", argv[3]);
	catch_term();
	fill(written);
	fill(asked);
	fill(warm);
	fd = open_or_die(written, O_WRONLY);
	while (!stopped) {
		timed_write(fd, &writes);
		timed_stat(asked, &stats);
		timed_read(warm, &reads);
		sleep_us(pause);
	}
	times_print(&writes);
	times_print(&stats);
	times_print(&reads);
	return close(fd) < 0;
}
