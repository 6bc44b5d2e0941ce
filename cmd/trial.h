/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_TRIAL_H
#define CMD_TRIAL_H

#include "cmd.h"

struct host;

/*
 * Before an apply with --try: start the process that undoes it unless it is confirmed.
 *
 * Return: 0, and *ret_fd is closed when the apply has ended; 1 in that process, which has
 * finished and must end; -1 after printing the error.
 */
int trial_guard(const struct options *o, struct host *h, int *ret_fd);

/* With the lock: undo the trials that have ended. Prints what it did, and failures. */
void trial_settle(const struct options *o, struct host *h);

/*
 * With the lock, before an apply with --try: whether nothing else is on trial. Of two
 * trials, the older one could end first, and the newer one then restore its values.
 * Prints why not.
 */
bool trial_is_free(const struct options *o, struct host *h);

/* After the apply: print how to keep what it changed, if it is on trial. */
void trial_announce(const struct options *o, struct host *h);

#endif
