/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_WANTED_H
#define NFSD_WANTED_H

#include <stddef.h>

struct resource;

/* The number of threads that a profile names for NFS servers. */
struct nfsd_wanted {
	unsigned threads;     /* 0: it names none */
	unsigned min_threads; /* that idle pools keep; 0: it names none */
};

/* Find it among the `n` resources of a profile, parsed and with formulas computed. */
struct nfsd_wanted nfsd_wanted_of(struct resource *const *list, size_t n);

#endif
