/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_LAYOUT_H
#define DIAGNOSE_PODS_LAYOUT_H

/*
 * How kubelet and the container runtimes name pods, containers and volumes in paths of
 * cgroups and of files.
 */

#include <stdbool.h>
#include <stddef.h>

/* Of kubelet, a directory for each pod. */
#define KUBELET_PODS_DIR "/var/lib/kubelet/pods"

#define POD_UID_SIZE      37
#define CONTAINER_ID_SIZE 65

/* What the cgroup of a process says. */
struct pod_cgroup {
	char uid[POD_UID_SIZE];            /* of the pod, as in the API; "": unknown */
	char container[CONTAINER_ID_SIZE]; /* 64 hexadecimal digits */
	unsigned depth;                    /* cgroups below that of the container */
};

/*
 * Parse /proc/PID/cgroup: of cgroup v1 or v2, with kubelet's driver cgroupfs or systemd.
 * Return: false if the process is in no container.
 */
bool pod_cgroup_parse(const char *text, struct pod_cgroup *ret);

/*
 * Read the UID of a pod at the start of `text`, with "-" or "_" in it: that of the API,
 * or the hash of a static pod.
 * Return: its length, or 0 if there is none.
 */
size_t pod_uid_read(const char *text, char ret[POD_UID_SIZE]);

/* The directory of a volume: .../pods/UID/volumes/kubernetes.io~local-volume/NAME. */
struct kubelet_path {
	char uid[POD_UID_SIZE];
	const char *plugin; /* "local-volume", "csi"; "subpath" */
	size_t plugin_len;
	const char *name; /* of the persistent volume, or of the pod's volume */
	size_t name_len;
	bool whole; /* the volume itself, not what is below it */
};

/* Return: false if the path is not in a volume. The texts are parts of `path`. */
bool kubelet_path_parse(const char *path, struct kubelet_path *ret);

/* Whether the volume holds files that kubelet made: a secret, or a ConfigMap. */
bool kubelet_path_is_generated(const struct kubelet_path *p);

#endif
