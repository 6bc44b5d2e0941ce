/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_LISTEN_H
#define NFSD_LISTEN_H

#include "base/err.h"

struct host;

/*
 * By the files of a mount that stays: give a stopped server TCP port 2049 of all
 * addresses, of IPv6 too where there is such, unless it has listeners. For nfsd_server.c.
 */
int nfsd_listen(struct host *h, struct err *e);

#endif
