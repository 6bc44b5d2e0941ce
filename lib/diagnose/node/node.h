/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NODE_NODE_H
#define DIAGNOSE_NODE_NODE_H

#include "diagnose/rules/source.h"

/* The node itself: its size and its versions. */
extern const struct diagnose_source source_node;

#endif
