/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_NAME_H
#define DIAGNOSE_PODS_NAME_H

/*
 * Names of pods by UID, and of containers by ID, from what kubelet and containerd leave
 * on the host.
 */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

struct pod_name {
	char *key;       /* UID of the pod, or ID of the container */
	char *pod;       /* "default/web-0" */
	char *container; /* "web"; NULL: unknown */
};

struct pod_names {
	struct pod_name *list;
	size_t n, cap;
	bool sorted;
};

/* Directories that kubelet names NAMESPACE_POD_UID. */
#define POD_LOGS_DIR "/var/log/pods"

/* Links that it names POD_NAMESPACE_CONTAINER-ID.log. */
#define CONTAINER_LOGS_DIR "/var/log/containers"

/* Add those of both directories. What cannot be read has no name. */
void pod_names_read(struct pod_names *n, const struct host *h);

/* Add one; the texts are copied. NULL is ignored. */
void pod_names_add(struct pod_names *n, const char *key, const char *namespace,
                   const char *pod, const char *container);

/* Find the names; NULL: unknown. Borrowed until one is added. */
const struct pod_name *pod_names_find(struct pod_names *n, const char *key);

/* "default/web-0", or "UID 1234..." if it is unknown. Owned by the caller. */
char *pod_names_pod(struct pod_names *n, const char *uid);

void pod_names_done(struct pod_names *n);

#define _pod_names_ _cleanup_(pod_names_done)

#endif
