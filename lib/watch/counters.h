/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_COUNTERS_H
#define WATCH_COUNTERS_H

#include "diagnose/counters/softnet.h"
#include "nfsd/stats.h"

/* Kernel counters exported by the watch; unreadable ones are omitted. */
struct watch_counters {
	struct softnet softnet;
	struct nfsd_stats nfsd;
};

void watch_counters_read(struct watch_counters *f, const struct host *h);
void watch_counters_done(struct watch_counters *f);

#endif
