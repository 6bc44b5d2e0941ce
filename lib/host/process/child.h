/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_CHILD_H
#define HOST_PROCESS_CHILD_H

/*
 * Run a function in a child process in another environment: inside the host's root or in
 * a private mount namespace. Changes to the process itself end with the child.
 */

#include "base/err.h"

struct host;

#define HOST_CHILD_TEXT_MAX 16384

enum host_child_where {
	HOST_CHILD_CHROOT = 1 << 0, /* chroot into the host's root */
	HOST_CHILD_PRIVATE =
		1 << 1, /* own mount namespace; mounts do not propagate out */
};

/*
 * Run `call` in the child with `arg`, a zeroed buffer of HOST_CHILD_TEXT_MAX bytes for
 * its answer, and `e`. It returns 0 or -errno with `e` set. If ret_text is not NULL it
 * gets the answer (owned by the caller). Return: the result of `call`; -ETIMEDOUT if the
 * child does not end within timeout_ms (it is then killed), -ETIME if it does not end
 * even then (host/process/reap.h), -EIO if it dies. A signal does not end the wait
 * (base/stop.h).
 */
int host_child_run(const struct host *h, unsigned where, int timeout_ms,
                   int (*call)(void *arg, char *text, struct err *e), void *arg,
                   char **ret_text, struct err *e);

/*
 * The same for callers that must not block: start the job, wait until host_child_fd() is
 * readable (poll), then finish it. Finishing waits at most timeout_ms more, then kills
 * the child; it also frees the job. host_child_start() returns 0 or -errno.
 */
struct host_child;
int host_child_start(const struct host *h, unsigned where,
                     int (*call)(void *arg, char *text, struct err *e), void *arg,
                     struct host_child **ret, struct err *e);
int host_child_fd(const struct host_child *job);
/* Send SIGTERM, which has an effect only if the child calls signals_catch(). */
void host_child_ask_to_end(const struct host_child *job);
int host_child_finish(struct host_child *job, int timeout_ms, char **ret_text,
                      struct err *e);

/* Reap orphaned children: process 1 of a container inherits them. */
void host_child_reap(void);

#endif
