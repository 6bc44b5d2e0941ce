/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* musl lacks: the calls of Linux 5.2 and 5.12 */
#pragma GCC system_header
#include <linux/mount.h>
#include <stddef.h>
#include_next <sys/mount.h>

int fsopen(const char *name, unsigned flags);
int open_tree(int dir, const char *path, unsigned flags);
int move_mount(int from_dir, const char *from, int to_dir, const char *to,
               unsigned flags);
int mount_setattr(int dir, const char *path, unsigned flags, struct mount_attr *attr,
                  size_t size);
