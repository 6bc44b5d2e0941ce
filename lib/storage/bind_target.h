/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BIND_TARGET_H
#define STORAGE_BIND_TARGET_H

/*
 * How a directory of the host stands that is to be bound to a directory of a file
 * system, for kind_bind.c. Only reads.
 */

#include "base/err.h"
#include "host/mounts.h"

#include <stdbool.h>

struct host;

struct bind_target_spec {
	const char *dir;
	const char *mount;  /* mount point of the file system */
	const char *source; /* what is to be shown at dir; NULL: not mounted yet */
	const char *device; /* host path; NULL: not known yet */
	bool move;          /* what dir holds is to be copied */
};

struct bind_target {
	bool mounted;         /* something is mounted there ... */
	bool owned;           /* ... of the file system that it is to lie on */
	char *from, *options; /* if mounted: what, "/mnt/data/._x" if ours; its options */
	char *below;          /* a mount below it; NULL: none */
	char *unsafe;         /* why it is no directory to bind upon; NULL: it is */
	enum host_reach reach; /* of a bind made here */
	char *shared;          /* REACH_NONE: below which paths binds reach the host */
	bool by_api;           /* REACH_NONE: the Bottlerocket API would bind it */
	char *no_api;    /* ... or why it would not, if the mount is where it looks */
	bool holds;      /* it is not empty */
	bool to_copy;    /* and is to be copied: the source holds nothing */
	char *too_large; /* why it cannot be copied; NULL: it fits */
};

/* Return: 0 or -errno. Free with bind_target_done(), also after an error. */
int bind_target_probe(const struct bind_target_spec *spec, const struct host *h,
                      struct bind_target *ret, struct err *e);
void bind_target_done(struct bind_target *d);

#endif
