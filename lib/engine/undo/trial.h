/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_UNDO_TRIAL_H
#define ENGINE_UNDO_TRIAL_H

/*
 * Journals on trial (apply --try): their run is undone unless it is confirmed in time. A
 * process waits for that; if it dies, or the node reboots, the next run that changes the
 * host undoes it.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

/* Those of the process that waits (cmd/trial.c), and ten later runs or boots. */
#define TRIAL_TRIES_MAX 30

/*
 * When the next trial ends: *ret_ms is in how many milliseconds, 0 if one has ended.
 * `dir` as of journal_store_open(). Return: 1; 0 if nothing is on trial; -errno if that
 * is unknown.
 */
int trial_left(struct host *h, const char *dir, int64_t *ret_ms, struct err *e);

/*
 * Undo every trial that has ended: its time is over, its run was cut off, or the host was
 * booted since. The caller holds the lock, so a run without an end is dead. What was done
 * is reported, one line for each journal; NULL: not.
 *
 * `last`: what the kernel or the API refuses is not tried again, so that no later run
 * undoes what was changed on purpose since. What only lacks the API or time is, in
 * TRIAL_TRIES_MAX attempts. Then the trial is over without it; the journal stays, and is
 * not marked as reverted.
 *
 * Return: 0, also if there was none; -EAGAIN if something could not be restored yet; -EIO
 * if it was not, and that is the end; -errno.
 */
int trial_end(struct host *h, const char *dir, bool last,
              void (*report)(const char *text), struct err *e);

/*
 * Keep what the newest trial changed; of one that could not be restored, what remains,
 * and *ret_rest is true. The caller holds the lock. Return: 0 and its id; -ENOENT if
 * nothing is on trial, or no more; -errno, also if that is unknown.
 */
int trial_confirm(struct host *h, const char *dir, unsigned *ret_id, bool *ret_rest,
                  struct err *e);

#endif
