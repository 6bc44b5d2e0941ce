/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/sysfs.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/recorded.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* "../devices/pci0000:00/..."; "" if it is a directory, as in a captured tree. */
static int sysfs_link(const struct host *h, const char *path, char **ret, struct err *e)
{
	char target[PATH_MAX];
	_close_ int fd = host_file_open(h, path, O_PATH | O_NOFOLLOW, e);
	ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target) - 1);

	*ret = mem_dup_n(target, len > 0 ? (size_t)len : 0);
	return 0;
}

char *host_sysfs_real(const struct host *h, const char *path)
{
	_free_ char *target = NULL;
	struct err ignored;
	const char *rest;

	if (recorded_word(h, "link", path, sysfs_link, &target, &ignored) < 0 || !target)
		return mem_dup(path);
	for (rest = target; strncmp(rest, "../", 3) == 0;)
		rest += 3;
	/* links of sysfs lead from /sys/block or /sys/class/NAME up to /sys */
	return rest == target ? mem_dup(path) : mem_format("/sys/%s", rest);
}
