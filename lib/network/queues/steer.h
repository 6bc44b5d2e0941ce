/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_QUEUES_STEER_H
#define NETWORK_QUEUES_STEER_H

/* What the kinds rps, xps and rfs share: a steering of one interface. */

#include "network/item.h"
#include "network/queues/steering.h"
#include "resource/undo.h"

struct steer {
	struct net_item item;
	const struct steering *what;
	char *how;          /* of the profile: auto, off, or a value */
	char *target;       /* the line that it means on this node */
	bool no_interrupts; /* auto means nothing: the interface has none */
	char *offline;      /* CPUs of `how` that the node does not have; NULL: none */
	bool no_table;      /* of flows: RFS is off for all interfaces */
};

static inline struct steer *steer_of(struct resource *r)
{
	return CONTAINER_OF(r, struct steer, item.r);
}

static inline const struct steer *steer_of_const(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct steer, item.r);
}

/* parse() of a kind, whose table of fields has one key. */
bool steer_parse(struct resource *r, const struct steering *what, const struct node *item,
                 struct diagnostics *diag);

/* observe(): `target` computes the line for "auto" and values; the caller owns it. */
int steer_observe(struct resource *r, const struct host *h,
                  int (*target)(struct steer *s, const struct host *h, char **ret,
                                struct err *e),
                  struct err *e);

/* The other functions of struct kind. */
void steer_diff(const struct resource *r, struct change *ret);
char *steer_files(const struct resource *r, const struct host *h);
void steer_differences(const struct resource *r, struct differences *ret);
int steer_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                struct err *e);
int steer_revert(struct resource *r, struct host *h, struct err *e);
bool steer_capture(const struct resource *r, const struct host *h, struct node *section,
                   struct diagnostics *diag);
void steer_done(struct resource *r);
extern const struct undo steer_undo;

#define STEER_KIND                                                             \
	NET_ITEM_KIND, .size = sizeof(struct steer), .diff = steer_diff,       \
		       .files = steer_files, .differences = steer_differences, \
		       .apply = steer_apply, .revert = steer_revert,           \
		       .undo = &steer_undo, .capture = steer_capture, .done = steer_done

/* Each is defined beside its kind. */
extern const struct steering steering_rps, steering_xps, steering_rfs;

#endif
