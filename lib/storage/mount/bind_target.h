/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_BIND_TARGET_H
#define STORAGE_MOUNT_BIND_TARGET_H

/*
 * The current state of a host directory that a profile binds to a directory of a file
 * system, for kind_bind.c. Read-only.
 */

#include "base/err.h"
#include "host/mount/mounts.h"

#include <stdbool.h>

struct change;
struct host;

struct bind_target_spec {
	const char *dir;
	const char *mount;  /* mount point of the file system */
	const char *source; /* directory to bind at dir; NULL: not mounted yet */
	const char *device; /* host path; NULL: still unknown */
	bool move;          /* copy the content of dir */
};

struct bind_target {
	bool mounted;          /* something is mounted at dir ... */
	bool owned;            /* ... a directory of the configured file system */
	char *from, *options;  /* of that mount: source ("/mnt/data/._x"), options */
	char *below;           /* a mount below dir, in words; NULL: none */
	char *unsafe;          /* why nothing can be bound at dir; NULL: it can */
	enum host_reach reach; /* of a bind by this process */
	char *shared;          /* if it does not: paths below which one does; or NULL */
	bool by_api;           /* ... and whether the Bottlerocket API can bind it */
	char *no_api;          /* ... or why not, for a mount point of the API */
	bool holds;            /* dir is not empty */
	bool to_copy;          /* ... and must be copied: the source is empty */
	bool differs;          /* ... and is not what was copied to the source */
	char *too_large;       /* why the content cannot be copied; NULL: it fits */
};

/* Examine it. Return: 0 or -errno. Free with bind_target_done(), even on error. */
int bind_target_probe(const struct bind_target_spec *spec, const struct host *h,
                      struct bind_target *ret, struct err *e);
void bind_target_done(struct bind_target *d);

/* Return: whether nothing can be bound there, with the reason in *ret. */
bool bind_target_refuse(const struct bind_target *now,
                        const struct bind_target_spec *spec, struct change *ret);

#endif
