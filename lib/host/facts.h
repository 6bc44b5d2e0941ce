/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include "base/err.h"

#include <stdint.h>

struct host;

/*
 * What formulas of a profile may ask of a node. Drives are not among it: which count
 * depends on the item of storage that asks.
 */
struct host_facts {
	int64_t cpus;       /* online, and those that we may run on */
	int64_t memory;     /* bytes: MemTotal, what firmware and kernel left over */
	int64_t page_size;  /* bytes */
	int64_t numa_nodes; /* online; 1 without NUMA */
	int64_t nic_gbps;   /* of the fastest physical interface, in Gbit/s */
	unsigned kernel;    /* NUM_VERSION */
};

/*
 * A driver that reports no speed (ENA does not on all instances) counts as 10 Gbit/s:
 * what every current EC2 instance has at least in bursts.
 */
#define HOST_FACTS_NIC_GBPS 10

/* Return: 0, or -errno if the host shows no CPUs or memory. */
int host_facts_read(const struct host *h, struct host_facts *ret, struct err *e);

#endif
