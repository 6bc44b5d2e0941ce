/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_MEMORY_LIMIT_H
#define BASE_MEMORY_LIMIT_H

/*
 * A limit of the address space of this process: input that needs more, such as a profile
 * of a million values, ends the run, and does not bring the node's OOM killer.
 */

/*
 * Limit it to 1 GiB, unless the limit is lower. That is ten times what a report over
 * 10,000 nodes takes. No limit in builds with sanitizers, which reserve terabytes.
 */
void memory_limit_set(void);

/*
 * For a child that runs another program: as if memory_limit_set() had not been called.
 * That program has its own needs, and mkfs.xfs of a large drive has more than hosttune.
 */
void memory_limit_lift(void);

#endif
