/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_DETACH_H
#define HOST_PROCESS_DETACH_H

#include "base/err.h"

/*
 * Continue in two processes: this one, and one that survives it, its terminal and its
 * session. The other one has no standard input and output, ignores SIGHUP, and its parent
 * is process 1. It keeps the working directory: options may have relative paths. Call it
 * without a lock, because a lock would be shared.
 *
 * *ret_fd is one end of a pipe: the detached process reads its end to wait until this one
 * closes the other end, or ends in any way.
 * Return: 0; 1 in the detached process, which must end by returning from main(); -errno.
 */
int process_detach(int *ret_fd, struct err *e);

/* In the detached process: wait until the other one has closed its end, and close it. */
void process_detach_wait(int fd);

#endif
