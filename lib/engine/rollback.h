/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_ROLLBACK_H
#define ENGINE_ROLLBACK_H

/*
 * Undo what a run did. Each resource is observed afterwards: what did not come back is
 * reported as failed.
 *
 * A rollback may exceed the deadline of the run, since half of it would be worse, and a
 * signal does not end it. It has its own bound, ROLLBACK_MS, for what can wait. The
 * host's deadline is restored afterwards.
 */

struct host;
struct plan;
struct resource;

#define ROLLBACK_MS 60000

/*
 * `cause` failed: roll back everything that was changed, last change first. Nothing after
 * `cause` was started, except what ran in parallel with it and has ended.
 */
void roll_back(struct plan *p, struct host *h, struct resource *cause);

/* Roll back what a failed step changed, and keep the reported reason. */
void roll_back_one(struct plan *p, struct resource *r, struct host *h);

#endif
