/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_DIRTY_H
#define BASELINE_DIRTY_H

/*
 * Dirty pages, and from how many on the kernel throttles who writes: half-way between
 * the background threshold and the threshold (dirty_freerun_ceiling() in
 * mm/page-writeback.c).
 */

#include <stdbool.h>
#include <stdint.h>

struct host;
struct node;

/* Of the node: bytes "dirty", "writeback", "throttled_from". Owned by the caller. */
struct node *dirty_of_node(const struct host *h);

/*
 * Of a cgroup, from the text of its memory.stat: also "cached" and "used" bytes. In
 * version 2, the kernel gives it the share of the thresholds that its memory is of the
 * node's (domain_dirty_limits()); in version 1, only those of the node count. `limit`
 * and `used`: bytes; UINT64_MAX: none, or unknown.
 */
struct node *dirty_of_cgroup(const struct host *h, const char *stat, bool v1,
                             uint64_t limit, uint64_t used);

#endif
