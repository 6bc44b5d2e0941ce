/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_ORIGIN_H
#define REPORT_ORIGIN_H

/* Where a value comes from, in JSON. All nodes are owned by the caller. */

#include "doc/node.h"

struct profile;

/* {"file": ..., "line": ..., "column": ...} */
struct node *report_place(struct place at);

/* The files of a profile, in the order in which they were merged. */
struct node *report_sources(const struct profile *p);

#endif
