/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef COLLECT_PODS_H
#define COLLECT_PODS_H

struct host;

/*
 * Collect what containers have mounted, for hosttune diagnose: of one process of each its
 * cgroup and its mounts, what containerd was asked to mount, and the names of pods.
 */
void collect_pods(const struct host *h);

#endif
