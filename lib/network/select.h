/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_SELECT_H
#define NETWORK_SELECT_H

/* Which interfaces of the node an item of the profile means. */

#include "base/err.h"

#include <stdbool.h>

struct diagnostics;
struct host;
struct node;

/* Lists of words, joined by ","; NULL: any. What is given must all match. */
struct net_select {
	char *drivers;
	char *names; /* with the patterns of glob(7) */
	bool default_route;
};

/*
 * List the names of all interfaces that match, ended by NULL, sorted. A driver matches
 * only an interface with a device, so it never matches that of a pod (veth). Free with
 * names_free().
 * Return: 0; -errno: which match is unknown, and *ret is empty.
 */
int net_select_list(const struct net_select *s, const struct host *h, char ***ret,
                    struct err *e);

/* The only name, if the selection is one name without a pattern; else NULL. Borrowed. */
const char *net_select_single(const struct net_select *s);

/* "driver ena", for messages. Owned by the caller. */
char *net_select_text(const struct net_select *s);

/* Whether the kernel accepts it as a name, and it is printable. */
bool net_select_is_name(const char *name);

#endif
