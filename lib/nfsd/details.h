/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_DETAILS_H
#define NFSD_DETAILS_H

struct host;
struct node;

/*
 * What the counters of the NFS server of our network namespace say of its `threads`:
 * "counted" with totals since its start (one look has nothing to compare with), "advice"
 * of nfsd_advice(), and both in words under "text". Owned by the caller; NULL for 0,
 * and where nothing can be seen.
 */
struct node *nfsd_details(const struct host *h, unsigned threads);

#endif
