/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_VERDICT_SUPPORT_H
#define DIAGNOSE_RULES_VERDICT_SUPPORT_H

#include "diagnose/rules/rule.h"

/*
 * Add to the evidence of a verdict of the log what the node shows now: the findings over
 * measures that the verdict names as `support`, but for those of other drives. They do
 * not change its confidence: the log may be older than the counters.
 */
void verdict_add_support(const struct rules *r, struct diagnosis *d);

#endif
