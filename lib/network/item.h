/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_ITEM_H
#define NETWORK_ITEM_H

/*
 * What all kinds of this room share: the interface of an item, and what there is to say
 * of one that is absent or whose driver lacks something.
 */

#include "host/process/capabilities.h"
#include "network/select.h"
#include "resource/kind.h"

struct node;

/* The first member of what a kind knows of its resource. */
struct net_item {
	struct resource r;
	struct net_select select;
	char *disruptive;
	bool optional;
	const char *interface; /* of the selection; NULL: it matches none */
	unsigned index;        /* its number when the run first saw it; 0: unknown */
	char *replaced;        /* how another one took its name; NULL: none did */
	bool appeared;         /* one that matches appeared after the profile was read */
	bool formula;          /* a value is a formula that could not be computed */
	bool lacks;            /* since the interface has not what the formula names */
	int fault;             /* -ENODEV or -EOPNOTSUPP, from the last look; else 0 */
};

/* The keys of an item that belong to no kind; the first kind's table has them, too. */
#define NET_ITEM_FIELDS                                                                      \
	{.name = "interfaces",                                                               \
	 .type = FIELD_OBJECT,                                                               \
	 .fields = net_select_fields,                                                        \
	 .required = true,                                                                   \
	 .doc = "which interfaces of the node"},                                             \
		{.name = "disruptive",                                                       \
	         .type = FIELD_CHOICE,                                                       \
	         .offset = offsetof(struct net_item, disruptive),                            \
	         .choices = net_disruptive,                                                  \
	         .doc = "allow: the watch may make changes that interrupt traffic, too"},    \
	{                                                                                    \
		.name = "optional", .type = FIELD_BOOL,                                      \
		.offset = offsetof(struct net_item, optional),                               \
		.doc = "skip what the driver of an interface does not have (default: false)" \
	}
extern const struct field net_select_fields[], net_item_fields[];
extern const char *const net_disruptive[];

/*
 * Read the keys that belong to no kind, and what is unique: the interface and `what`,
 * such as "rings". `interrupts`: a change can interrupt traffic.
 */
void net_item_parse(struct net_item *i, const struct node *item, const char *what,
                    bool interrupts, struct diagnostics *diag);

/*
 * For observe(): whether the item has an interface. Return: 1; 0: it has none, which
 * `fault` says; -errno: which interfaces match is unknown.
 */
int net_item_look(struct net_item *i, const struct host *h, struct err *e);

/*
 * Before a write: whether the interface is the one that was looked at first, whatever it
 * is called now. Return: 0; -ENODEV: it is gone; -ESTALE: it is not; -errno: unknown.
 */
int net_item_check(const struct net_item *i, const struct host *h, struct err *e);

/*
 * Note the result of a look: a fault is no error, and a formula that could not be
 * computed on this node is a fault. Return: `code`, or 0.
 */
int net_item_seen(struct net_item *i, int code);

/*
 * For files(): the directory of the interface below /sys, without links. Owned by the
 * caller; NULL: there is none, or `h` is NULL.
 */
char *net_item_dir(const struct net_item *i, const struct host *h);

/* For diff(), with a fault: `what` of the interface is missing, such as "rings rx". */
void net_item_diff_absent(const struct net_item *i, struct change *ret);
void net_item_diff_unsupported(const struct net_item *i, const char *what,
                               struct change *ret);

/* Why apply() failed; `other`: for all other codes. */
enum reason net_item_reason(int code, enum reason other);

/* Find the item of this interface in the captured section, or make it. */
struct node *net_item_captured(struct node *section, const struct net_item *i);

/* For done() and capabilities() of struct kind. */
void net_item_done(struct resource *r);
uint64_t net_item_capabilities(const char *name, bool acts);

/* For comes_with(): a module brings its own interfaces, or those of any driver. */
bool net_item_comes_with(const struct resource *r, const struct resource *module);

/* What the definitions of all kinds have in common. */
#define NET_ITEM_KIND                                                                 \
	.capabilities = net_item_capabilities, .section = "network",                  \
	.comes_with = net_item_comes_with, .shape = SECTION_ITEMS, .after = "module", \
	.flags = KIND_HOST_NETNS | KIND_APART

#endif
