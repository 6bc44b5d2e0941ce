/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/process.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int process_number(const char *name)
{
	int n = 0;

	for (; *name >= '0' && *name <= '9' && n < 100000000; name++)
		n = n * 10 + (*name - '0');
	return *name ? 0 : n;
}

int processes_each(int proc, void (*fn)(int proc, int pid, void *arg), void *arg,
                   struct err *e)
{
	DIR *dir = fdopendir(proc);
	struct dirent *entry;
	int r;

	if (!dir) {
		r = err_errno(e, errno, "read directory /proc");
		(void)close(proc);
		return r;
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (process_number(entry->d_name) > 0)
			fn(proc, process_number(entry->d_name), arg);
	r = errno ? err_errno(e, errno, "read directory /proc") : 0;
	(void)closedir(dir);
	return r;
}

void process_command(int proc, int pid, char *ret, size_t size)
{
	_close_ int fd = -1;
	char path[32];
	ssize_t n;

	(void)snprintf(path, sizeof(path), "%d/comm", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, ret, size - 1);
	ret[n > 0 ? n : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	for (; *ret; ret++)
		if ((unsigned char)*ret < ' ' || *ret == 0x7f)
			*ret = '?';
}
