/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_COMPARE_H
#define DIAGNOSE_PODS_COMPARE_H

/* One volume as a container has it, against the host; all texts are printable. */

#include "diagnose/pods/place.h"
#include "diagnose/pods/spec.h"

struct comparison {
	char *has; /* what the container has: "/mnt/a of ext4 on /dev/sda1 (8:1), rw" */
	char *directory; /* its host path; NULL: unknown */
	char *cover;     /* the device that is mounted over it since: ""; none */
	char *missed;    /* devices below it that do not reach the container; "": none;
	                  * NULL: there are too many to compare */
	char *options;   /* "noatime on the host, relatime in the container"; "": the same
	                  */
};

/*
 * Compare the mount `m` of the container's table `theirs`, at `there`.
 * `bind`: what its runtime was asked for; NULL: unknown.
 * `volume`: what kubelet has mounted for it; NULL: none.
 */
void compare_mount(const struct view *v, const struct host_mounts *theirs,
                   const struct host_mount *m, const struct pod_bind *bind,
                   const struct view_volume *volume, struct comparison *ret);

/* The same for what kubelet has mounted, whether or not a container has it. */
void compare_volume(const struct view *v, const struct view_volume *volume,
                    struct comparison *ret);

void comparison_done(struct comparison *c);

#define _comparison_ _cleanup_(comparison_done)

#endif
