/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_MOUNTS_H
#define HOST_MOUNTS_H

/*
 * What is mounted where. What counts is what the host sees, the table of its process
 * 1: ours may be that of a container.
 */

#include "base/err.h"

#include <stddef.h>

struct host;

/* One line of a mount table; texts are owned by the table. */
struct host_mount {
	int id, parent;
	unsigned major, minor;
	int peers;    /* peer group it is shared in; 0: not shared */
	int master;   /* peer group it gets mounts from; 0: none */
	char *root;   /* directory of the file system that is shown: "/" is all of it */
	char *target; /* mount point */
	char *fstype;
	char *source;  /* NULL: none */
	char *options; /* of the mount, then of the file system: "rw,noatime,..." */
};

struct host_mounts {
	struct host_mount *list;
	size_t n;
};

enum host_mounts_view {
	HOST_MOUNTS_HOST, /* of process 1: paths are host paths */
	HOST_MOUNTS_OWN,  /* of this process */
};

/*
 * Return: 0 or -errno. Free with host_mounts_done(), also after an error. In
 * host_mount.c, with all else that needs libmount.
 */
int host_mounts_read(const struct host *h, enum host_mounts_view view,
                     struct host_mounts *ret, struct err *e);
void host_mounts_done(struct host_mounts *m);

#define _mounts_ _cleanup_(host_mounts_done)

/*
 * The mount that `path` lies in, and the one whose mount point it is (topmost, and not
 * hidden by one on a directory above it); NULL: none. Borrowed from the table. `path`
 * is absolute, without "." and "..", "//" and "/" at its end.
 */
const struct host_mount *host_mounts_holding(const struct host_mounts *m,
                                             const char *path);
const struct host_mount *host_mounts_at(const struct host_mounts *m, const char *path);

/* The first mount of that block device; NULL: none. Borrowed from the table. */
const struct host_mount *host_mounts_of(const struct host_mounts *m, unsigned major,
                                        unsigned minor);

enum host_reach {
	HOST_REACH_SAME,   /* we are in the host's mount namespace */
	HOST_REACH_SHARED, /* a new mount goes there; a changed one does not */
	HOST_REACH_NONE,
};

/*
 * How a mount that we make at the host path `target` reaches the host. If it does not,
 * ret_where (owned by the caller) gets the host paths below which one would, or "".
 */
int host_mounts_reach(const struct host *h, const char *target, enum host_reach *ret,
                      char **ret_where, struct err *e);

#endif
