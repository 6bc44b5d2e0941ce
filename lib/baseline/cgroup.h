/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_CGROUP_H
#define BASELINE_CGROUP_H

/* The cgroup of a pod, in either version and with either driver of the kubelet. */

#include <stdbool.h>

struct baseline_source;
struct err;
struct node;

struct cgroup {
	bool v1;
	char *path; /* below a hierarchy: "kubepods/burstable/pod..."; owned */
};

/*
 * Find the cgroup of the pod with that UID. Return: 0; -ENOENT if it has none; -errno if
 * that is unknown.
 */
int cgroup_find(const struct baseline_source *s, const char *uid, struct cgroup *ret,
                struct err *e);
void cgroup_done(struct cgroup *c);

/*
 * Read its limits; those of its containers are the values that differ, sorted, in
 * "containers". Device numbers become names that persist. Owned by the caller.
 */
struct node *cgroup_limits(const struct baseline_source *s, const struct cgroup *c);

/*
 * Read its page cache: bytes used, cached, dirty, under writeback, and from which on
 * writing is throttled. Owned by the caller.
 */
struct node *cgroup_dirty(const struct baseline_source *s, const struct cgroup *c);

#endif
