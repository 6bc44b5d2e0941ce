/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_RECORD_H
#define NFSD_RECORD_H

struct host;

/*
 * Ask for all that hosttune may read of the NFS server, for a bundle: also the servers of
 * the other network namespaces, where we may enter them.
 */
void nfsd_record(const struct host *h);

#endif
