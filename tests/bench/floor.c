/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * floor FILE... : open, read and close each file, and nothing else. No audit of these
 * files can be faster; without a FILE, no program can.
 *
 * floor -w TEXT FILE... : write it to each file, and read it back: no apply can be
 * faster.
 *
 * floor -@ LIST, floor -w TEXT -@ LIST: the same of the files that LIST names, one a
 * line.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LIST_MAX (1024 * 1024)

static int copy(const char *path, const char *text)
{
	static char seen[4096];
	int fd = text ? open(path, O_WRONLY | O_TRUNC | O_CLOEXEC) : -1;

	if (text && (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd) < 0))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 || read(fd, seen, sizeof(seen)) < 0 || close(fd) < 0 ? -1 : 0;
}

static int copy_list(const char *list, const char *text)
{
	static char names[LIST_MAX];
	int fd = open(list, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, names, sizeof(names) - 1);

	if (n < 0)
		return -1;
	for (char *name = names, *end; (end = strchr(name, '\n')); name = end + 1) {
		*end = '\0';
		if (copy(name, text) < 0)
			return -1;
	}
	return close(fd);
}

int main(int argc, char **argv)
{
	const char *text = NULL;
	int i = 1;

	if (argc > 2 && strcmp(argv[1], "-w") == 0) {
		text = argv[2];
		i = 3;
	}
	if (argc > i + 1 && strcmp(argv[i], "-@") == 0)
		return copy_list(argv[i + 1], text) < 0;
	for (; i < argc; i++)
		if (copy(argv[i], text) < 0)
			return 1;
	return 0;
}
