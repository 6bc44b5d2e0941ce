/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_SOFTNET_H
#define HOST_HOST_SOFTNET_H

/*
 * What the kernel counts of packets received, by processor: /proc/net/softnet_stat.
 * The counters are of 32 bits, and wrap.
 */

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct host;

struct host_softnet_cpu {
	uint32_t cpu;
	uint32_t processed;
	uint32_t dropped;  /* net.core.netdev_max_backlog was full */
	uint32_t squeezed; /* net.core.netdev_budget or its time ran out */
};

struct host_softnet {
	struct host_softnet_cpu *list;
	size_t n, cap;
};

/* Return: 0 or -errno. host_softnet_done() in any case. */
int host_softnet_read(const struct host *h, struct host_softnet *ret, struct err *e);
void host_softnet_parse(const char *text, struct host_softnet *ret);
void host_softnet_done(struct host_softnet *s);

#endif
