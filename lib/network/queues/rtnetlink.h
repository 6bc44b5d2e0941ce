/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_QUEUES_RTNETLINK_H
#define NETWORK_QUEUES_RTNETLINK_H

/*
 * Queueing disciplines of the interface with that number in our own network namespace, by
 * rtnetlink(7).
 * Return: 0; -ENODEV: no such interface, but to list, which finds none of it; -errno,
 * with what the kernel says in `e`.
 */

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* As tc(8) has them; a handle of 0 is one that the kernel attached by itself. */
struct rtnetlink_qdisc {
	uint32_t handle, parent;
	char kind[16];
};

struct rtnetlink_qdiscs {
	struct rtnetlink_qdisc *list;
	size_t n, cap;
};

/* List all of an interface. Free with rtnetlink_qdiscs_done() in any case. */
int rtnetlink_qdiscs(unsigned index, struct rtnetlink_qdiscs *ret, struct err *e);
void rtnetlink_qdiscs_done(struct rtnetlink_qdiscs *q);

#define _qdiscs_ _cleanup_(rtnetlink_qdiscs_done)

/*
 * Put a new one in the place of the one below `parent`; the kernel loads its module, and
 * chooses its handle. -ENOENT: the kernel has no such kind.
 */
int rtnetlink_qdisc_replace(unsigned index, uint32_t parent, const char *kind,
                            struct err *e);

/* Remove the root: the kernel attaches its default again. */
int rtnetlink_qdisc_delete_root(unsigned index, struct err *e);

#endif
