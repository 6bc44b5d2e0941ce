/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/block_device.h"
#include "host/file.h"
#include "host/mount/mount.h"
#include "host/mount/mounts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Return: 1, 0 or -errno. */
static int is_mount_of(const struct host *h, const struct host_mounts *mounts,
                       const struct host_mount *at, const char *source, struct err *e)
{
	_block_device_ struct block_device dev = {0};
	struct stat st;
	int r;

	if (source[0] != '/')
		return at->source && strcmp(at->source, source) == 0;
	r = host_file_stat(h, source, &st, e);
	if (r < 0)
		return r;
	if (S_ISDIR(st.st_mode))
		return host_mounts_is_bind(mounts, at, source);
	r = block_device_find(h, source, &dev, e);
	return r < 0 ? r
	             : at->major == dev.major && at->minor == dev.minor &&
	                       strcmp(at->root, "/") == 0;
}

int host_mount_check_seen(const struct host *h, const char *source, const char *target,
                          struct err *e)
{
	_mounts_ struct host_mounts mounts = {0};
	const struct host_mount *at;
	int r = host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, e);

	if (r < 0)
		return r;
	at = host_mounts_at(&mounts, target);
	if (!at)
		return err_set(e, -EXDEV, "nothing is mounted there");
	r = is_mount_of(h, &mounts, at, source, e);
	if (r != 0)
		return r < 0 ? r : 0;
	return err_set(e, -EXDEV, "%s (%s) is mounted there instead",
	               at->source ? at->source : "none", at->fstype);
}
