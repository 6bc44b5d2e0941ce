/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_SETTLE_H
#define ENGINE_SETTLE_H

/*
 * After the last change of a plan: some writes change other values, too, and the host may
 * write again what it manages. Observe everything once more, and write again what moved.
 */

#include <stdbool.h>

struct host;
struct plan;
struct resource;

/*
 * Observe all resources of an applied plan, and write again those that moved and that
 * may_write() permits; the others are reported as they are now. After a few rounds, what
 * still moves fails; the message names the resource whose write moves it. Does nothing if
 * nothing was changed.
 *
 * Return: the first resource that fails; NULL: none.
 */
struct resource *plan_settle(struct plan *p, struct host *h,
                             bool (*may_write)(const void *arg, const struct resource *r),
                             const void *arg);

/* May_write() of an apply: what it can roll back, except on drives. */
bool settle_may_write(const void *arg, const struct resource *r);

/*
 * Observe again what the host may have reset after apply (KIND_RESET), and write it
 * again.
 *
 * `last`: do not write; fail what differs.
 * Return: whether anything was written.
 */
bool plan_reset(struct plan *p, struct host *h, bool last);

#endif
