/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_LISTEN_H
#define NFSD_LISTEN_H

#include "base/err.h"

struct host;

/*
 * Through the files of a permanent mount, give a stopped server TCP port 2049 on all
 * addresses, also IPv6 if available, unless it has listeners. For nfsd_server.c.
 */
int nfsd_listen(struct host *h, struct err *e);

#endif
