/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_INTERRUPTS_H
#define HOST_INTERRUPTS_H

/* The interrupts of a device, and the CPUs that serve them. */

#include "host/cpuset.h"

#include <stddef.h>

struct node;

struct host_interrupt {
	unsigned number;
	char *action; /* what the driver calls it: "eth0-Tx-Rx-0"; "": unknown */
	struct cpuset cpus;
};

struct host_interrupts {
	struct host_interrupt *list;
	size_t n, cap;
};

/*
 * As a part of an answer for a bundle, and back (host/recorded.h): files below a device
 * of sysfs are not in one, as they are reached through "..".
 */
struct node *host_interrupts_node(const struct host_interrupts *i);
void host_interrupts_of_node(const struct node *known, struct host_interrupts *ret);

/*
 * List those in use of the device whose directory in sysfs is `dir`, by number. Free with
 * host_interrupts_done() in any case.
 * Return: 0, also if it has none; -errno.
 */
int host_interrupts_read(const struct host *h, const char *dir,
                         struct host_interrupts *ret, struct err *e);
void host_interrupts_done(struct host_interrupts *i);

#define _interrupts_ _cleanup_(host_interrupts_done)

#endif
