/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_COMPARE_H
#define BASELINE_COMPARE_H

/*
 * Compare two baselines. What changes by itself is no change: ids of boots, mounts and
 * pods, numbers and names that the kernel gives to devices, counters.
 */

#include "baseline/changes.h"

struct node;

/*
 * Of measured values, in per cent. They differ between runs on the same node, where other
 * processes use the drive and the CPUs. The value is judgement: the copies of
 * kubernetes#131186 took 46 times as long.
 */
#define BASELINE_TOLERANCE 50

/*
 * Compare `now` with `was`, valid documents both. `tolerance`: how much worse a measured
 * value may be, in per cent of what it was.
 */
void baseline_compare(const struct node *was, const struct node *now, unsigned tolerance,
                      struct baseline_comparison *ret);
#endif
