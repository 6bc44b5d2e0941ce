/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_THREADS_H
#define NFSD_THREADS_H

/* Compare the threads of a running server with those that a profile names. */

#include "nfsd/state.h"
#include "nfsd/wanted.h"

struct change;
struct differences;

void nfsd_threads_diff(const struct nfsd_server *now, struct nfsd_wanted w,
                       struct change *ret);

/* The same, as values. A kernel without min-threads makes no difference. */
void nfsd_threads_differences(const struct nfsd_server *now, struct nfsd_wanted w,
                              struct differences *ret);

#endif
