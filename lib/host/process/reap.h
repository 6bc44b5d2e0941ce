/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_REAP_H
#define HOST_PROCESS_REAP_H

/*
 * Wait for the end of child processes, never without a bound: a process that waits for a
 * broken device ignores even SIGKILL.
 */

#include "base/deadline.h"
#include "base/err.h"

#include <sys/types.h>

/*
 * Wait for a child that is expected to end.
 *
 * Return: 0 with its status for WIFEXITED() ..., that of a failure if another
 * process has reaped it; -ETIMEDOUT if it still runs.
 */
int reap(pid_t pid, struct deadline until, int *ret_status);

/*
 * Kill a child and wait for its end, a few seconds at most.
 *
 * Return: 0; -ETIME if it does not end, with its number and what it waits for in `e`. It
 * then stays behind.
 */
int reap_killed(pid_t pid, struct err *e);

#endif
