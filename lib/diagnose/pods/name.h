/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_NAME_H
#define DIAGNOSE_PODS_NAME_H

/* Names of pods by UID, from what kubelet and containerd leave on the host. */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

struct pod_name {
	char *uid, *name; /* "default/web-0" */
};

struct pod_names {
	struct pod_name *list;
	size_t n, cap;
	bool sorted;
};

/* Directories that kubelet names NAMESPACE_NAME_UID. */
#define POD_LOGS_DIR "/var/log/pods"

/* Add those of POD_LOGS_DIR. What cannot be read has no name. */
void pod_names_read(struct pod_names *n, const struct host *h);

/* Add one; the texts are copied. NULL is ignored. */
void pod_names_add(struct pod_names *n, const char *uid, const char *namespace,
                   const char *name);

/* "default/web-0", or "UID 1234..." if it is unknown. Owned by the caller. */
char *pod_names_find(struct pod_names *n, const char *uid);

void pod_names_done(struct pod_names *n);

#define _pod_names_ _cleanup_(pod_names_done)

#endif
