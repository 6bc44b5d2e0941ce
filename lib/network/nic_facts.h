/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_NIC_FACTS_H
#define NETWORK_NIC_FACTS_H

struct kind_facts;

/*
 * "queues" and "ring_max": the most queues, and the largest receive ring, that the driver
 * offers; "nic_gbps": the speed. Of several interfaces, the lowest. Outside of an item:
 * of the interfaces with a default route.
 */
extern const struct kind_facts nic_facts;

#endif
