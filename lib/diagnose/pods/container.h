/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_CONTAINER_H
#define DIAGNOSE_PODS_CONTAINER_H

/* The containers that run: found by the cgroups of all processes, for any runtime. */

#include "diagnose/pods/layout.h"

#include "base/err.h"

struct host;

/* Processes of one container to ask, one after the other: any may end meanwhile. */
#define CONTAINER_PROCESSES 4

/* Of the table of mounts of a process. */
#define CONTAINER_MOUNTS_BYTES (4U << 20)

struct pod_container {
	char uid[POD_UID_SIZE]; /* of its pod; "": unknown */
	char id[CONTAINER_ID_SIZE];
	int pids[CONTAINER_PROCESSES]; /* the first is most likely the container's own */
	size_t n_pids;
};

struct pod_containers {
	struct pod_container *list; /* sorted by ID */
	size_t n;
	size_t unread; /* processes that could not be inspected: the first of them, */
	int unread_pid;
	struct err why; /* and why */
};

/*
 * List the containers. Processes that end meanwhile are skipped.
 * Return: 0; -ETIME after the deadline; -E2BIG for too many processes; -errno. Free in
 * any case.
 */
int pod_containers_list(const struct host *h, struct pod_containers *ret, struct err *e);
void pod_containers_done(struct pod_containers *c);

#define _pod_containers_ _cleanup_(pod_containers_done)

/*
 * Read the table of mounts of a process of the container, which was in it before and
 * after: its number may be that of another process by now.
 * Return: 0, *ret_pid and *ret_text, owned by the caller; -ESRCH: all have ended; -errno.
 */
int pod_container_mounts(const struct host *h, const struct pod_container *c,
                         int *ret_pid, char **ret_text, struct err *e);

#endif
