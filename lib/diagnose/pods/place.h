/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_PLACE_H
#define DIAGNOSE_PODS_PLACE_H

/* Where the directory of a container is on the host, and what the host has there. */

#include "diagnose/pods/view.h"

struct place {
	const struct host_mount *visible; /* the host's mount that shows it; NULL: none */
	const struct host_mount *cover;   /* a device mounted over it; NULL: none */
	char *path;                       /* host path, owned; NULL: unknown */
};

/* Find it, through all mounts but those of pods. */
void place_find(const struct view *v, const struct host_mount *m, struct place *ret);
void place_done(struct place *p);

#define _place_ _cleanup_(place_done)

/* Whether the directory of `m` is what the host has at `path`, which is in no volume. */
bool place_is_at(const struct view *v, const struct host_mount *m, const char *path);

/*
 * Find devices that are mounted on the host below `path`, but not in the container below
 * `there`, where it has the mount `m` of that path.
 * Return: how many; -E2BIG if too many are mounted there. *ret_first: the mount
 * point of one on the host, borrowed.
 */
int place_missed(const struct view *v, const char *path, const struct host_mount *m,
                 const struct host_mounts *theirs, const char *there,
                 const char **ret_first);

#endif
