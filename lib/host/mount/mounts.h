/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_MOUNT_MOUNTS_H
#define HOST_MOUNT_MOUNTS_H

/*
 * What is mounted where. The host's view counts, the table of its process 1: our own
 * table may be that of a container.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

/* One line of a mount table; the strings are owned by the table. */
struct host_mount {
	int id, parent;
	unsigned major, minor;
	int peers;    /* peer group it is shared in; 0: not shared */
	int master;   /* peer group it receives mounts from; 0: none */
	char *root;   /* directory of the file system that is mounted: "/" is all of it */
	char *target; /* mount point */
	char *fstype;
	char *source;  /* NULL: none */
	char *options; /* of the mount, then of the file system: "rw,noatime,..." */
};

struct host_mounts {
	struct host_mount *list;
	size_t n;
	const struct host_mount **children; /* sorted by parent and mount point */
	const struct host_mount *root;      /* NULL: the table has none */
};

enum host_mounts_view {
	HOST_MOUNTS_HOST, /* of process 1: paths are host paths */
	HOST_MOUNTS_OWN,  /* of this process */
};

/*
 * Read a mount table.
 * Return: 0 or -errno. Free with host_mounts_done(), also after an error. Implemented in
 * host_mount.c, which holds all code that needs libmount.
 */
int host_mounts_read(const struct host *h, enum host_mounts_view view,
                     struct host_mounts *ret, struct err *e);
void host_mounts_done(struct host_mounts *m);

/*
 * The same for a text as /proc/PID/mountinfo has it; `path` names it in errors. Mount
 * points are texts that a process in that namespace may have chosen.
 */
int host_mounts_parse(char *text, const char *path, struct host_mounts *ret,
                      struct err *e);

/* Prepare a table for searching; only for those who fill one. */
void host_mounts_index(struct host_mounts *m);

#define _mounts_ _cleanup_(host_mounts_done)

/*
 * Find the mount that contains `path`, or the mount whose mount point it is (the topmost
 * one, not hidden by a mount on a parent directory); NULL: none. Borrowed from the table.
 * `path` is absolute, without "." and "..", "//" and a trailing "/".
 */
const struct host_mount *host_mounts_holding(const struct host_mounts *m,
                                             const char *path);
const struct host_mount *host_mounts_at(const struct host_mounts *m, const char *path);

/*
 * Find the mount that a walk to `path` ends in when it starts at the mount point of
 * `from`, at or above `path`: what hides it, or is mounted below it. Borrowed.
 */
const struct host_mount *host_mounts_walk(const struct host_mounts *m,
                                          const struct host_mount *from,
                                          const char *path);

/*
 * Whether the path of its mount point leads to that mount of the table: none hides it. In
 * a table without a root, which has no paths, all count as visible.
 */
bool host_mounts_visible(const struct host_mounts *m, const struct host_mount *at);

/*
 * Whether the mount `at` of the table shows the directory `path`: a bind of it. And find
 * a bind of it, or of a directory in it; NULL: none. Borrowed.
 */
bool host_mounts_is_bind(const struct host_mounts *m, const struct host_mount *at,
                         const char *path);
const struct host_mount *host_mounts_bind_of(const struct host_mounts *m,
                                             const char *path);

/* Find the first mount of that block device; NULL: none. Borrowed from the table. */
const struct host_mount *host_mounts_of(const struct host_mounts *m, unsigned major,
                                        unsigned minor);

enum host_reach {
	HOST_REACH_UNKNOWN, /* not determined: permits no mount, like NONE */
	HOST_REACH_NONE,
	HOST_REACH_SHARED, /* a new mount propagates there; a changed one does not */
	HOST_REACH_SAME,   /* this process is in the host's mount namespace */
};

/* Whether a new mount is visible on the host. */
static inline bool host_reach_arrives(enum host_reach r)
{
	return r == HOST_REACH_SHARED || r == HOST_REACH_SAME;
}

/*
 * Determine how a mount made by this process at the host path `target` reaches the host.
 * If it does not, ret_where (owned by the caller) gets the host paths below which a mount
 * would, or "".
 */
int host_mounts_reach(const struct host *h, const char *target, enum host_reach *ret,
                      char **ret_where, struct err *e);

#endif
