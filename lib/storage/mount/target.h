/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_TARGET_H
#define STORAGE_MOUNT_TARGET_H

/* The current state of a mount point that a profile names, for kind_mount.c. Read-only.
 */

#include "base/err.h"
#include "host/mount/mounts.h"

#include <stdbool.h>

struct change;
struct host;

struct mount_target_spec {
	const char *target;
	const char *options; /* NULL: not managed */
	const char *binds;   /* directories bound to the file system: "/a /b" */
	const char *device;  /* host path of the drive; NULL: still unknown */
};

struct mount_target {
	bool mounted, owned; /* a mount is at target; it is our whole drive */
	char *what;          /* source and type of that mount */
	char *options;       /* options of that mount */
	char *elsewhere;     /* another mount point of our whole drive; NULL: none */
	char *others;        /* other mounts of our drive that lack configured flags */
	int unsafe;          /* why nothing can be mounted at target: 0 or -errno ... */
	char *unsafe_text;   /* ... in words */
	enum host_reach reach;
	char *shared; /* if a mount does not: paths below which one does; or NULL */
};

/* Examine it. Return: 0 or -errno. Free with mount_target_done(), even on error. */
int mount_target_probe(const struct mount_target_spec *spec, const struct host *h,
                       struct mount_target *ret, struct err *e);
void mount_target_done(struct mount_target *t);

/* Return: whether the drive cannot be mounted there, with the reason in *ret. */
bool mount_target_refuse(const struct mount_target *t, const char *device,
                         struct change *ret);

#endif
