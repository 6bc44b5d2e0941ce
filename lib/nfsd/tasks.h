/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_TASKS_H
#define NFSD_TASKS_H

/*
 * Detect whether any NFS server of the node changed, in any network namespace, without
 * entering one. The kernel counts all threads of all servers, and each thread is a
 * process. If the count is the same and every known thread still runs, no server was
 * started, stopped or resized. This costs one file read and one look-up per thread.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

struct nfsd_tasks {
	unsigned count; /* threads of all servers, as counted by the kernel */
	int *pids;      /* the visible ones: fewer in another PID namespace */
	size_t n, cap;
};

/*
 * Read "th" of rpc/nfsd in the host's /proc/net, which counts the threads of all
 * namespaces; 0 also if the nfsd module is not loaded.
 */
int nfsd_tasks_count(const struct host *h, unsigned *ret, struct err *e);

/* Find the threads. Call nfsd_tasks_done() in any case. */
int nfsd_tasks_read(const struct host *h, struct nfsd_tasks *ret, struct err *e);
void nfsd_tasks_done(struct nfsd_tasks *t);

/*
 * Whether nothing changed; false if that is unknown. If the threads are not visible
 * (another PID namespace), only their number is compared.
 */
bool nfsd_tasks_same(const struct host *h, const struct nfsd_tasks *t);

#endif
