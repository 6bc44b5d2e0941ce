/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_CHECK_NODE_H
#define SYSCTL_CHECK_NODE_H

#include "base/diagnostics.h"

struct host_facts;
struct sysctl_wanted;

/*
 * Check a sysctl against the defaults of Bottlerocket and the programs of a Kubernetes
 * node, some of which require a value, or set their own when they start. `facts` NULL:
 * the node is unknown.
 */
void sysctl_check_node(const struct sysctl_wanted *w, const struct host_facts *facts,
                       struct diagnostics *diag);

#endif
