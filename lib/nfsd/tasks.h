/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_TASKS_H
#define NFSD_TASKS_H

/*
 * Whether any NFS server of the node changed, in any network namespace, without
 * entering one: the kernel counts all threads of all servers, and each is a process.
 * If as many run as before, and each of those still does, nothing was started, stopped
 * or resized. That costs the reading of one file and a look-up a thread.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

struct nfsd_tasks {
	unsigned count; /* threads of all servers, as the kernel counts them */
	int *pids;      /* those that are seen: fewer in another PID namespace */
	size_t n, cap;
};

/*
 * Read "th" of /proc/net/rpc/nfsd, which is the same in all namespaces; 0 also if the
 * nfsd module is not loaded.
 */
int nfsd_tasks_count(const struct host *h, unsigned *ret, struct err *e);

/* Look for the threads. nfsd_tasks_done() in any case. */
int nfsd_tasks_read(const struct host *h, struct nfsd_tasks *ret, struct err *e);
void nfsd_tasks_done(struct nfsd_tasks *t);

/*
 * Whether all is as it was: false if that cannot be told. Where the threads are not seen
 * (another PID namespace) only their number is compared.
 */
bool nfsd_tasks_same(const struct host *h, const struct nfsd_tasks *t);

#endif
