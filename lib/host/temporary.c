/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/temporary.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MODE 0600

static int open_directory(const struct host *h, const char *directory)
{
	struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
	                       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
	const char *relative = directory;
	long fd;

	while (*relative == '/')
		relative++;
	do
		fd = syscall(SYS_openat2, h->root_fd, *relative ? relative : ".", &how,
		             sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return (int)fd;
}

static int open_and_unlink(int dir)
{
	char name[64];
	uint64_t number;
	int fd;

	/* not the process: its number is the same in each run of a container */
	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return -1;
	(void)snprintf(name, sizeof(name), ".hosttune.%016" PRIx64, number);
	fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd >= 0)
		(void)unlinkat(dir, name, 0);
	return fd;
}

int host_temporary_open(struct host *h, const char *directory, struct err *e)
{
	_close_ int dir = open_directory(h, directory);
	int fd;

	if (dir < 0)
		return host_file_hint(err_errno(e, errno, "open %s", directory), e);
	fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		fd = open_and_unlink(dir);
	if (fd < 0)
		return host_file_hint(
			err_errno(e, errno, "create a file in %s", directory), e);
	return fd;
}
