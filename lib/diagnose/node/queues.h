/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NODE_QUEUES_H
#define DIAGNOSE_NODE_QUEUES_H

#include "diagnose/rules/source.h"

/* The request queues of drives and arrays. */
extern const struct diagnose_source source_queues;

#endif
