/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_SOFTNET_H
#define DIAGNOSE_COUNTERS_SOFTNET_H

/*
 * The kernel's per-CPU counters of received packets: /proc/net/softnet_stat. The counters
 * have 32 bits and wrap.
 */

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct host;

struct softnet_cpu {
	uint32_t cpu;
	uint32_t processed;
	uint32_t dropped;  /* net.core.netdev_max_backlog was full */
	uint32_t squeezed; /* net.core.netdev_budget or its time was used up */
};

struct softnet {
	struct softnet_cpu *list;
	size_t n, cap;
};

/*
 * Read the counters. Call softnet_done() in any case.
 * Return: 0 or -errno.
 */
int softnet_read(const struct host *h, struct softnet *ret, struct err *e);
void softnet_parse(const char *text, struct softnet *ret);
void softnet_done(struct softnet *s);

#endif
