/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/state.h"

/*
 * The threads may be divided among the pools in any way, and a pool with fewer threads
 * than the minimum retains all of them. So with several pools only the minimum itself is
 * certain.
 */
static unsigned least_of(const struct nfsd_server *s, unsigned threads)
{
	return s->min_threads && s->min_threads < threads ? s->min_threads : threads;
}

unsigned nfsd_server_least(const struct nfsd_server *s)
{
	return least_of(s, s->threads);
}

bool nfsd_server_has(const struct nfsd_server *s, unsigned threads)
{
	if (s->empty > 0 && threads >= s->pools && s->min_threads == 0)
		return false;
	if (!s->moving)
		return s->threads == threads;
	return s->threads <= threads && s->threads >= least_of(s, threads);
}
