/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_ROLLBACK_H
#define ENGINE_ROLLBACK_H

/*
 * Undo what a run did. Each resource is observed afterwards: what did not come back is
 * reported as failed.
 *
 * This is not undoing a journal (engine/undo). A rollback runs in the process that made
 * the changes, moments later: it has each kind's own state, so it can also undo what no
 * later process may, such as a mount, a guard or an array that nothing can have used yet,
 * and it needs no journal, which a run may lack. Undoing has only texts, and so works in
 * another process, for the kinds of which an object and one line say everything
 * (resource/undo.h). To roll back by texts would lose the former, and to undo by a kind's
 * state the latter.
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
