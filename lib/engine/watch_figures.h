/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_WATCH_FIGURES_H
#define ENGINE_WATCH_FIGURES_H

#include "host/host_nfsd_stats.h"
#include "host/host_softnet.h"

/* What the kernel counts beside what is watched; what cannot be read is left out. */
struct watch_figures {
	struct host_softnet softnet;
	struct host_nfsd_stats nfsd;
};

void watch_figures_read(struct watch_figures *f, const struct host *h);
void watch_figures_done(struct watch_figures *f);

#endif
