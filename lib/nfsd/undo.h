/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_UNDO_H
#define NFSD_UNDO_H

#include "nfsd/state.h"
#include "resource/undo.h"

#include <stdint.h>

/*
 * undo of both kinds: objects are "threads", "min-threads", "file-system" (its mount),
 * "versions", "pool-mode" and "max-block-size". Only list() is the kind's own.
 */
int nfsd_undo_read(const struct host *h, const char *object, char **ret_value,
                   struct err *e);
int nfsd_undo_write(struct host *h, const char *object, const char *value, struct err *e);
char *nfsd_undo_command(const struct host *h, const char *object, const char *value);

/* What kind_nfsd is about to change; min_threads 0: it is not in the profile. */
void nfsd_undo_add_threads(const struct nfsd_server *now, unsigned threads,
                           unsigned min_threads, const struct host *h,
                           struct undo_values *ret);

/* What kind_nfsd_setup is about to change: what `to` has and `now` lacks. */
void nfsd_undo_add_setup(const struct nfsd_server *now, const struct nfsd_server *to,
                         struct undo_values *ret);

#endif
