/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_VIEW_H
#define DIAGNOSE_PODS_VIEW_H

/* The mounts of the host, ready for comparing each mount of each container with them. */

#include "diagnose/pods/layout.h"
#include "host/mount/mounts.h"

#include <stdbool.h>
#include <stdint.h>

/* A volume that kubelet mounted. */
struct view_volume {
	struct kubelet_path path;             /* parts of top->target */
	const struct host_mount *top;         /* what its directory shows */
	const struct host_mount *const *list; /* all mounts on top of each other there */
	size_t n;
	bool reported; /* by the caller: of a container that has it */
};

/* The mount of a volume, for finding the volume by its directory. */
struct view_entry {
	const struct host_mount *mount;
	struct view_volume *volume;
};

struct view {
	struct host_mounts mounts;
	const struct host_mount **base;    /* all but those of pods and containers, */
	size_t n_base;                     /* sorted by device and root */
	const struct host_mount **devices; /* of base, sorted by mount point */
	size_t n_devices;
	const struct host_mount **of_volumes; /* sorted by mount point */
	size_t n_of_volumes;
	struct view_volume *volumes; /* the same */
	size_t n_volumes;
	struct view_entry *entries; /* of of_volumes: by device, root and UID */
};

/* Take the mounts of the host, which it owns from now on. Free with view_done(). */
void view_init(struct view *v, struct host_mounts *mounts);
void view_done(struct view *v);

#define _view_ _cleanup_(view_done)

/* Find the volume mounted at the host path; NULL: none. Borrowed. */
struct view_volume *view_volume_at(const struct view *v, const char *path);

/* Find a volume of the pod that has, or had, the same directory. NULL: none. */
struct view_volume *view_volume_of(const struct view *v, const char *uid,
                                   const struct host_mount *m);

/* Whether both show the same directory of the same file system. */
bool view_same(const struct host_mount *a, const struct host_mount *b);
bool view_same_device(const struct host_mount *a, const struct host_mount *b);

/* Whether it is a file system with data: on a block device, or of the network. */
bool view_is_device(const struct host_mount *m);

#endif
