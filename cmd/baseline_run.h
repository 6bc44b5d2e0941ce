/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_BASELINE_RUN_H
#define CMD_BASELINE_RUN_H

/* What the files of the command baseline share. */

#include "baseline/baseline.h"
#include "cmd.h"

struct host;

enum exit_code baseline_save(const struct options *o);
enum exit_code baseline_compare_run(const struct options *o);

/* Print why the command line is refused. */
enum exit_code baseline_refuse(const char *action, const char *why);

/*
 * Open the host for reading, let a signal end the run in good order, and check that the
 * probe can run. Call close_host() only after success.
 */
enum exit_code baseline_open(struct host *h, const struct options *o);

/*
 * Read the node, then run the probe if it is asked for: it fills the page cache. Owned by
 * the caller.
 */
struct node *baseline_read(const struct options *o, struct host *h,
                           const struct baseline_wish *w);

/* What ended the run early: EXIT_DEADLINE, EXIT_SIGNAL; EXIT_IN_SYNC: nothing. */
enum exit_code baseline_ended(const struct host *h);

#endif
