/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_GROUP_H
#define NETWORK_GROUP_H

/* What the kernel reads and sets together of an interface: one kind is one group. */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;

#define NET_ATTRS_MAX 32

/* A value that is not changed, or a highest value that is unknown. */
#define NET_KEEP UINT64_MAX

struct net_attr {
	const char *name; /* in the profile: "rx-usecs" */
	const char *word; /* of the command: "rx-usecs" of ethtool -C */
	const char *file; /* below /sys/class/net/NAME; NULL: ethtool */
	unsigned now;     /* offset of the value in ethtool's struct */
	unsigned max;     /* offset of its highest value; 0: it has none */
	bool flag;        /* true or false */
};

struct net_values {
	uint64_t now[NET_ATTRS_MAX];
	uint64_t max[NET_ATTRS_MAX]; /* NET_KEEP: no limit is known */
	bool fixed[NET_ATTRS_MAX];   /* the driver never changes it */
};

struct net_group {
	const char *name;    /* as its kind: "rings" */
	const char *command; /* in front of the interface: "ethtool -G" */
	uint32_t get, set;   /* commands of ethtool for numbers; 0: files */
	bool interrupts;     /* a change can interrupt traffic */
	/* Read and set by other commands of ethtool; NULL: as `get` says. */
	int (*ask)(const struct host *h, const struct net_group *g, const char *interface,
	           struct net_values *ret, struct err *e);
	int (*put)(struct host *h, const struct net_group *g, const char *interface,
	           const uint64_t *want, struct err *e);
	struct net_attr attrs[NET_ATTRS_MAX];
	size_t n;
};

/* Each is defined beside its kind. */
extern const struct net_group group_channels, group_coalesce, group_features, group_link,
	group_rings;

/* All of them, ended by NULL. */
extern const struct net_group *const net_groups[];

/*
 * Read a group. Return: 0; -ENODEV: no such interface; -EOPNOTSUPP: its driver has no
 * such call; -errno.
 */
int net_group_read(const struct host *h, const struct net_group *g, const char *interface,
                   struct net_values *ret, struct err *e);

/* Set what is not NET_KEEP, and keep all else. Return: as above. */
int net_group_write(struct host *h, const struct net_group *g, const char *interface,
                    const uint64_t *want, struct err *e);

#endif
