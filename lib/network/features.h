/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_FEATURES_H
#define NETWORK_FEATURES_H

/*
 * The features of an interface by the names that the kernel gives them, as ethtool -k
 * prints them: for ask() and put() of their group. Of a feature that this kernel does not
 * have, the highest value is 0.
 */

#include "network/group.h"

int features_ask(const struct host *h, const struct net_group *g, const char *interface,
                 struct net_values *ret, struct err *e);
int features_put(struct host *h, const struct net_group *g, const char *interface,
                 const uint64_t *want, struct err *e);

#endif
