/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_START_H
#define CMD_START_H

/*
 * Make this process independent of what its caller left in it: descriptors, environment,
 * umask, limits, signals. Call it first. It cannot fail: what the kernel does not offer
 * is skipped.
 *
 * - Descriptors 0 to 2 are open; all others are closed on exec.
 * - The environment has only the variables that hosttune reads.
 * - New files are never writable by the group or by others.
 * - No privileges are gained by exec, no core is dumped, and memory is limited.
 * - SIGPIPE is ignored; SIGCHLD has its default.
 */
void start(void);

#endif
