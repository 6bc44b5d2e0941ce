/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_NIC_H
#define NETWORK_NIC_H

/* What the kinds of this room share: one group of attributes of one interface. */

#include "network/group.h"
#include "network/select.h"
#include "resource/bound.h"
#include "resource/kind.h"
#include "resource/undo.h"

struct nic {
	struct resource r;
	struct net_select select;
	char *disruptive;
	bool optional;
	struct bound bounds[NET_ATTRS_MAX];
	bool flags[NET_ATTRS_MAX];
	const struct net_group *group;

	const char *interface; /* of the selection; NULL: it matches none */
	int fault;             /* -ENODEV or -EOPNOTSUPP, from the last look; else 0 */
	struct net_values seen;
	uint64_t had[NET_ATTRS_MAX]; /* before apply(); NET_KEEP: not changed */
};

/* The keys of an item that belong to no kind, ended by {0}. */
extern const struct field nic_item_fields[];

/* parse() of a kind; `map`: what has the keys of the group, NULL: nothing to manage. */
bool nic_parse(struct resource *r, const struct net_group *g, const struct node *item,
               const struct node *map, struct diagnostics *diag);

/* The other functions of struct kind. */
int nic_observe(struct resource *r, const struct host *h, struct err *e);
void nic_diff(const struct resource *r, struct change *ret);
void nic_differences(const struct resource *r, struct differences *ret);
void nic_changes(const struct resource *r, struct differences *ret);
int nic_apply(struct resource *r, struct host *h, enum reason *ret_reason, struct err *e);
int nic_revert(struct resource *r, struct host *h, struct err *e);
bool nic_capture(const struct resource *r, const struct host *h, struct node *section,
                 struct diagnostics *diag);
void nic_done(struct resource *r);
extern const struct undo nic_undo;

/* What the profile makes of the values that were seen: NET_KEEP if it says nothing. */
void nic_want(const struct nic *n, uint64_t *ret);

#endif
