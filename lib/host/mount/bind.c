/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/file.h"
#include "host/live.h"
#include "host/mount/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

/*
 * Bind a copy that is made private before it is mounted. A plain bind of a shared mount
 * joins its peer group, so a mount made in one place would also appear in the other.
 */
static int bind_apart(int source, int target)
{
	struct mount_attr private = {.propagation = MS_PRIVATE};
	_close_ int tree = open_tree(source, "",
	                             OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
	                                     AT_RECURSIVE);

	if (tree < 0 ||
	    mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &private,
	                  sizeof(private)) < 0 ||
	    move_mount(tree, "", target, "",
	               MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

/* Older kernels lack these calls, and older seccomp lists of containerd reject them. */
static bool host_bind_is_unknown(int code)
{
	return code == -ENOSYS || code == -EPERM || code == -EINVAL;
}

int host_mount_bind(struct host *h, const char *source, const char *target, struct err *e)
{
	int live = host_live_check(h, e);
	_close_ int from = live < 0 ? -1 : host_mount_open_target(h, source, e);
	_close_ int to = from < 0 ? -1 : host_mount_open_target(h, target, e);
	char from_path[64], to_path[64];
	int code;

	if (from < 0 || to < 0)
		return err_wrap(e, "bind %s to %s", source, target);
	code = bind_apart(from, to);
	if (host_bind_is_unknown(code)) {
		(void)snprintf(from_path, sizeof(from_path), "/proc/self/fd/%d", from);
		(void)snprintf(to_path, sizeof(to_path), "/proc/self/fd/%d", to);
		code = mount(from_path, to_path, NULL, MS_BIND | MS_REC, NULL) < 0
		               ? -errno
		               : 0;
	}
	return code < 0 ? err_errno(e, -code, "bind %s to %s", source, target) : 0;
}
