/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_SPEC_H
#define DIAGNOSE_PODS_SPEC_H

/* What containerd was asked for a container: the bundle's config.json, as OCI has it. */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

struct pod_bind {
	char *source; /* host path */
	char *target; /* in the container; a link on the way may lead elsewhere */
	bool read_only, recursive;
};

struct pod_spec {
	char *namespace, *pod, *uid, *container; /* NULL: unknown */
	bool is_sandbox;                         /* the container that holds the pod */
	struct pod_bind *binds;
	size_t n, cap;
};

/*
 * Read that of a container, by its ID.
 * Return: 0; -ENOENT: containerd does not run it; -EBADMSG: not JSON, or too much;
 * -errno. Free with pod_spec_done() in any case.
 */
int pod_spec_read(const struct host *h, const char *id, struct pod_spec *ret,
                  struct err *e);

/* What pod_spec_read() needs of it, as JSON, and nothing else. Owned by the caller. */
char *pod_spec_format(const struct pod_spec *s);

void pod_spec_done(struct pod_spec *s);

/* Host path of the file. Owned by the caller. */
char *pod_spec_path(const char *id);

/* The same with "*" for the ID, and the directory above it. */
#define POD_SPECS_DIR "/run/containerd/io.containerd.runtime.v2.task/k8s.io"

#endif
