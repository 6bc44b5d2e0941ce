/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_SETUP_H
#define NFSD_SETUP_H

/*
 * The settings of a server that can only change while it is stopped: versions, pool_mode
 * and max_block_size of struct nfsd_server. Only those that `named` has are read,
 * compared and written; 0 or "" means that it has none.
 */

#include "base/err.h"
#include "nfsd/state.h"

struct differences;
struct host;
struct node;

/* "versions 4.1, 4.2; pool-mode global". Owned by the caller. */
char *nfsd_setup_text(const struct nfsd_server *named, const struct nfsd_server *s);

void nfsd_setup_compare(const struct nfsd_server *named, const struct nfsd_server *now,
                        struct differences *ret);

/* Read the state of the server, as nfsd_server_observe(), with its block size. */
int nfsd_setup_read(const struct host *h, const struct nfsd_server *named,
                    struct nfsd_server *ret, struct err *e);

/* Set what `to` has, even after a failure. Return: 0, or the first failure. */
int nfsd_setup_write(struct host *h, const struct nfsd_server *named,
                     const struct nfsd_server *to, struct err *e);

/* Add what `now` has to the section of a profile. */
void nfsd_setup_capture(const struct nfsd_server *named, const struct nfsd_server *now,
                        struct node *section);

#endif
