/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_NIC_H
#define NETWORK_NIC_H

/* What the kinds of numbers and switches share: one group of attributes. */

#include "network/group.h"
#include "network/item.h"
#include "resource/bound.h"
#include "resource/undo.h"

struct nic {
	struct net_item item;
	struct bound bounds[NET_ATTRS_MAX];
	bool flags[NET_ATTRS_MAX];
	bool lenient[NET_ATTRS_MAX]; /* set only where the driver changes it */
	const struct net_group *group;
	struct net_values seen;
	uint64_t had[NET_ATTRS_MAX]; /* before apply(); NET_KEEP: not changed */
};

static inline struct nic *nic_of(struct resource *r)
{
	return CONTAINER_OF(r, struct nic, item.r);
}

static inline const struct nic *nic_of_const(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct nic, item.r);
}

/* The choices of a number that can be "max". */
extern const char *const nic_top[];

/* parse() of a kind; `map`: what has the keys of the group, NULL: nothing to manage. */
bool nic_parse(struct resource *r, const struct net_group *g, const struct node *item,
               const struct node *map, struct diagnostics *diag);

/* The other functions of struct kind. */
int nic_observe(struct resource *r, const struct host *h, struct err *e);
void nic_diff(const struct resource *r, struct change *ret);
char *nic_files(const struct resource *r, const struct host *h);
void nic_differences(const struct resource *r, struct differences *ret);
void nic_changes(const struct resource *r, struct differences *ret);
int nic_apply(struct resource *r, struct host *h, enum reason *ret_reason, struct err *e);
int nic_revert(struct resource *r, struct host *h, struct err *e);
bool nic_capture(const struct resource *r, const struct host *h, struct node *section,
                 struct diagnostics *diag);
extern const struct undo nic_undo;

/* Whether the driver cannot give that attribute the value of the profile. */
bool nic_lacks(const struct nic *n, size_t i);

/*
 * What the profile makes of the values that were seen: NET_KEEP if it says nothing, or
 * what is optional is lacking.
 */
void nic_want(const struct nic *n, uint64_t *ret);

#endif
