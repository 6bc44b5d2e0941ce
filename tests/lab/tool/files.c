/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool files DIR WRITERS FILES BYTES SEED [sync]
 *
 * WRITERS processes, each in its own directory, create FILES files of BYTES / 2 to
 * 3 * BYTES / 2, as an untar or bonnie++ does; with "sync" each is synchronized before it
 * is closed. Print the time of all.
 */
#include "tool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char content[1 << 20];

static void write_file(const char *path, size_t bytes, int sync)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		die(path);
	while (bytes > 0) {
		ssize_t n = write(fd, content,
		                  bytes < sizeof(content) ? bytes : sizeof(content));

		if (n <= 0)
			die(path);
		bytes -= (size_t)n;
	}
	if ((sync && fsync(fd) < 0) || close(fd) < 0)
		die(path);
}

static void write_files(const char *dir, int writer, char **argv)
{
	uint64_t state = (uint64_t)number(argv[5]) * 1000003 + (uint64_t)writer + 1;
	uint64_t bytes = (uint64_t)number(argv[4]);
	long files = number(argv[3]);
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%d", dir, writer);
	if (mkdir(path, 0755) < 0)
		die(path);
	for (long i = 0; i < files; i++) {
		(void)snprintf(path, sizeof(path), "%s/%d/%ld", dir, writer, i);
		write_file(path, bytes / 2 + (bytes ? random_next(&state) % bytes : 0),
		           argv[6] != NULL);
	}
	_exit(0);
}

int tool_files(int argc, char **argv)
{
	long writers = number(argv[2]);
	int64_t start = now_us();
	int status, failed = 0;

	(void)argc;
	memset(content, 'x', sizeof(content));
	for (int i = 0; i < writers; i++)
		if (fork() == 0)
			write_files(argv[1], i, argv);
	while (wait(&status) > 0)
		failed |= status;
	(void)printf("files.time %lld\n", (long long)(now_us() - start));
	return failed != 0;
}
