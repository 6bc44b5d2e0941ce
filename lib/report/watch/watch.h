/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_WATCH_WATCH_H
#define REPORT_WATCH_WATCH_H

#include <stdio.h>

struct watch;
struct watch_counters;

/* Print the metrics of a watch, with the kernel's counters of the moment. */
void report_prometheus_watch(const struct watch *w, const struct watch_counters *f,
                             FILE *out);

#endif
