/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_TEXT_H
#define NETWORK_TEXT_H

/* Values of a group as texts. */

#include "network/group.h"

/* "true" or "64". Owned by the caller. */
char *net_attr_text(const struct net_attr *a, uint64_t value);

/* The reverse. Return: whether the text, of `len` bytes, is a value. */
bool net_attr_parse(const struct net_attr *a, const char *text, size_t len,
                    uint64_t *ret);

/* The command of a shell that sets them: "ethtool -G eth0 rx 1024". Owned. */
char *net_group_command(const struct net_group *g, const char *interface,
                        const uint64_t *want);

/* The values of the attributes that `of` does not keep: "rx=1024 tx=512". Owned. */
char *net_values_text(const struct net_group *g, const uint64_t *values,
                      const uint64_t *of);

#endif
