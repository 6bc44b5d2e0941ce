/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_COUNTERS_H
#define DIAGNOSE_COUNTERS_COUNTERS_H

#include "diagnose/rules/source.h"

extern const struct diagnose_source source_clock;    /* how long counters grew */
extern const struct diagnose_source source_cpu;      /* softnet, softirqs, steal */
extern const struct diagnose_source source_memory;   /* dirty pages, reclaim */
extern const struct diagnose_source source_pressure; /* PSI */
extern const struct diagnose_source source_protocol; /* TCP, UDP, connection tracking */
extern const struct diagnose_source source_drives;   /* latency, health, limits */
extern const struct diagnose_source source_space;    /* how full file systems are */
extern const struct diagnose_source source_tasks;    /* kernel threads, state D */
extern const struct diagnose_source source_irqs;     /* interrupts by CPU */
extern const struct diagnose_source source_served;   /* CPUs by interrupt */
extern const struct diagnose_source source_cards; /* drops, ENA allowances and resets */
extern const struct diagnose_source source_nfsd;  /* nfsd */

#endif
