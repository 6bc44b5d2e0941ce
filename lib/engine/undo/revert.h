/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_UNDO_REVERT_H
#define ENGINE_UNDO_REVERT_H

/*
 * Undo what a journal says, as a plan: each object of the journal is a resource whose
 * wanted value is the one before the run, in reverse order. So a revert observes, checks,
 * writes, reads back and reports as an apply does, and repeating it is harmless.
 *
 * An object that has neither the value before nor that of the run was changed by others
 * since then: it is skipped, and reported. So are values of another boot, and storage.
 */

#include "base/err.h"
#include "engine/persist/persist.h"
#include "engine/persist/send.h"
#include "engine/plan.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stddef.h>

struct applier;
struct host;
struct journal;
struct journal_store;
struct node;

struct revert {
	const struct journal *journal; /* borrowed */
	struct host *host;             /* borrowed */
	struct plan plan;
	struct persist persist; /* for reports: the state of the API, and its settings */
	char *file;             /* the journal, as the place of its records */
	bool same_boot;
	size_t n_later;         /* objects that a later run changed again */
	struct kind stored;     /* of all settings: they are sent together */
	bool due;               /* settings wait to be sent */
	struct node *change;    /* settings that were sent; NULL: none */
	struct sending sending; /* ... and what became of them */
};

/*
 * Make the plan and observe the host; nothing is written. `journal` and `h` must outlive
 * it. Of the objects that a later journal of `s` has, too, none is restored until that
 * one is reverted: its value before is the one that this journal's run wrote. NULL: there
 * are no others.
 *
 * Return: 0; -EXDEV if the journal is of another machine; -errno if the others cannot be
 * listed. Call revert_done() in any case.
 */
int revert_observe(struct revert *v, const struct journal *journal,
                   const struct journal_store *s, struct host *h, struct err *e);

/* Restore what revert_observe() found. Return: whether nothing failed. */
bool revert_apply(struct revert *v);

/* Whether nothing is left that could be restored, but for what later runs changed. */
bool revert_is_over(const struct revert *v);

/* Whether nothing is left that another revert of the same journal could restore. */
bool revert_is_complete(const struct revert *v);

/*
 * Mark the journal as reverted, and as no trial, if nothing is left to restore. Return: 0
 * or -errno.
 */
int revert_mark(const struct revert *v, const struct journal_store *s, struct journal *j,
                struct err *e);

void revert_done(struct revert *v);

#endif
