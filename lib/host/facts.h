/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include "base/err.h"

#include <stdint.h>

struct host;

/* How large a node is. Most profiles do not ask: it is read when one does. */
struct host_size {
	const struct host *h; /* where to read it, borrowed; NULL: it is read */
	int64_t cpus;         /* online, whatever this process may use */
	int64_t memory;       /* bytes: MemTotal, what firmware and kernel leave */
	int64_t numa_nodes;   /* online; 1 without NUMA */
};

/*
 * What a profile's formulas can ask about a node. Drives are not included: which drives
 * count depends on the storage item that asks.
 */
struct host_facts {
	struct host_size *size; /* of host_facts_size(); NULL: unknown */
	int64_t page_size;      /* bytes */
	int64_t nic_gbps;       /* of host_nic_gbps(); 0: not read */
	unsigned kernel;        /* NUM_VERSION */

	/* Owned texts; NULL: unknown. */
	char *arch;          /* of the kernel: "x86_64", "aarch64" */
	char *instance_type; /* of EC2: "i3en.2xlarge"; "": not on EC2 */
	char *variant;       /* of Bottlerocket: "aws-k8s-1.31"; "": of none */
	char *hostname;
};

/*
 * Assumed if the driver reports no speed (ENA does not on all instances): every current
 * EC2 instance reaches 10 Gbit/s, at least in bursts.
 */
#define HOST_FACTS_NIC_GBPS 10

/* Return the size of a page in bytes; of a captured tree, which does not hold it, 4096.
 */
int64_t host_page_size(const struct host *h);

/*
 * Read the speed of an interface with a device, in Mbit/s; 0: its driver reports none, or
 * it is down. Return: 0; -errno: it cannot be read.
 */
int host_nic_mbps(const struct host *h, const char *interface, int64_t *ret,
                  struct err *e);

/*
 * Read the speed of the fastest physical interface, in Gbit/s. A node has an interface
 * for each pod: this takes as long as all other facts, and is read only for whom needs
 * it. Return: 0; -errno: that of one of them cannot be read.
 */
int host_nic_gbps(const struct host *h, int64_t *ret, struct err *e);

/*
 * Read the facts, but for nic_gbps and the size; free them with host_facts_done(). Texts
 * that cannot be read are unknown. The host is borrowed until then, or until the size is
 * read.
 */
void host_facts_read(const struct host *h, struct host_facts *ret);
void host_facts_done(struct host_facts *f);

/*
 * Find the size of the node, borrowed in *ret. The first call reads it. Return: 0, or
 * -errno if the host shows no CPUs or memory.
 */
int host_facts_size(const struct host_facts *f, const struct host_size **ret,
                    struct err *e);

#endif
