/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_QUEUES_PLACEMENT_H
#define NETWORK_QUEUES_PLACEMENT_H

/*
 * Which CPUs `auto` means, from where the interrupts of an interface are served.
 * Documentation/networking/scaling.rst of Linux and ENA's ENA_Linux_Best_Practices.rst
 * say what is best.
 */

#include "host/interrupts.h"

struct placement {
	struct cpuset online;
	struct cpuset
		isolated;   /* isolcpus and nohz_full: the kernel refuses them for RPS */
	struct cpuset near; /* of the NUMA node of the device; empty: unknown */
	struct host_interrupts interrupts; /* of queues */
};

/* Read it; free it with placement_done() in any case. Return: 0 or -errno. */
int placement_read(const struct host *h, const char *interface, struct placement *ret,
                   struct err *e);
void placement_done(struct placement *p);

#define _placement_ _cleanup_(placement_done)

/*
 * The CPUs to process what is received, besides those that serve an interrupt: of the
 * same NUMA node, and no siblings of those, if there are such. Empty: each CPU serves
 * one.
 */
void placement_receive(const struct placement *p, const struct host *h,
                       struct cpuset *ret);

/*
 * Divide all CPUs among `n` queues to send: each to the queue whose interrupt it, or its
 * sibling, serves; the others in turn.
 */
void placement_send(const struct placement *p, const struct host *h, unsigned n,
                    struct cpuset *ret);

/* The number of the queue whose interrupt has that name; -1: it is that of no queue. */
int placement_queue(const char *action, const char *interface);

#endif
