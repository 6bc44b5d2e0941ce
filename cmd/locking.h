/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_LOCKING_H
#define CMD_LOCKING_H

#include "base/err.h"
#include "cmd.h"

/*
 * Take the lock of commands that change the host, and wait for it as the command line
 * says; the wait is printed. Return: the descriptor, or -errno as lock_wait().
 */
int locking_take(const struct options *o, struct host *h, struct err *e);

/* The exit code for what locking_take() returned instead of a descriptor. */
enum exit_code locking_exit_code(int code);

#endif
