/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_DETAILS_H
#define NFSD_DETAILS_H

struct host;
struct node;

/*
 * Report the counters of the NFS server in this process's network namespace: "counted"
 * has totals since its start (a single read has no interval), "advice" is that of
 * nfsd_advice() on its `threads`, and "text" is the advice in words. Owned by the caller;
 * NULL if `threads` is 0 or no counter can be read.
 */
struct node *nfsd_details(const struct host *h, unsigned threads);

#endif
