/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool probe DIR PAUSE WARM-DIR
 *
 * Until SIGTERM, three processes do one thing each, PAUSE microseconds after the last
 * time: write 4 KiB synchronously to a file of DIR; ask for the attributes of another;
 * open and read one of WARM-DIR that is in the cache. Print the times.
 *
 * While a request waits for a second, those are not made that would have waited for the
 * rest of it. They count too: else the median says how it is between the stalls.
 */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

static void write_once(const char *path)
{
	static int fd = -1;

	if (fd < 0)
		fd = open_or_die(path, O_WRONLY);
	if (pwrite(fd, block, sizeof(block), 0) != (ssize_t)sizeof(block) ||
	    fdatasync(fd) < 0)
		die("synchronous write");
}

static void stat_once(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		die(path);
}

static void read_once(const char *path)
{
	int fd = open_or_die(path, O_RDONLY);

	if (read(fd, block, sizeof(block)) != (ssize_t)sizeof(block) || close(fd) < 0)
		die(path);
}

static const struct {
	const char *name, *file;
	void (*once)(const char *path);
} requests[] = {
	{"write", "written", write_once},
	{"stat", "asked", stat_once},
	{"read", "warm", read_once},
};
enum { N_REQUESTS = sizeof(requests) / sizeof(*requests) };

static _Noreturn void repeat(int i, const char *path, long pause)
{
	struct times times = {.name = requests[i].name};

	while (!stopped) {
		int64_t start = now_us(), took;

		requests[i].once(path);
		for (took = now_us() - start; took >= 0; took -= pause)
			times_add(&times, took);
		sleep_us(pause);
	}
	times_print(&times);
	exit(0);
}

int tool_probe(int argc, char **argv)
{
	long pause = number(argv[2]);
	pid_t children[N_REQUESTS];
	int status, failed = 0;

	(void)argc;
	catch_term();
	for (int i = 0; i < N_REQUESTS; i++) {
		char path[4096];

		(void)snprintf(path, sizeof(path), "%s/probe-%s", argv[i == 2 ? 3 : 1],
		               requests[i].file);
		fill(path);
		children[i] = fork();
		if (children[i] == 0)
			repeat(i, path, pause);
	}
	while (!stopped)
		sleep_us(10000);
	for (int i = 0; i < N_REQUESTS; i++)
		(void)kill(children[i], SIGTERM);
	while (wait(&status) > 0)
		failed |= status;
	return failed != 0;
}
