/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_CHILD_H
#define HOST_CHILD_H

/*
 * Run a function in a child process that stands elsewhere: inside the host's root,
 * in a private mount namespace. What it changes of itself ends with it.
 */

#include "base/err.h"

struct host;

#define HOST_CHILD_TEXT_MAX 16384

enum host_child_where {
	HOST_CHILD_CHROOT = 1 << 0,  /* the host's root is "/" */
	HOST_CHILD_PRIVATE = 1 << 1, /* own mount namespace; mounts do not leave it */
};

/*
 * `call` gets `arg`, a zeroed text of HOST_CHILD_TEXT_MAX bytes to answer with, and
 * `e`. It returns 0 or -errno with `e` set. If ret_text is not NULL it gets the
 * answer (owned by the caller). -ETIMEDOUT if the child does not end within
 * timeout_ms (it is killed then), -EIO if it dies.
 */
int host_child_run(const struct host *h, unsigned where, int timeout_ms,
                   int (*call)(void *arg, char *text, struct err *e), void *arg,
                   char **ret_text, struct err *e);

/*
 * The same for who has other things to do meanwhile: start, wait until host_child_fd()
 * can be read (poll), then finish, which waits for at most timeout_ms more and kills
 * then. Finishing frees the job. Return of host_child_start(): 0 or -errno.
 */
struct host_child;
int host_child_start(const struct host *h, unsigned where,
                     int (*call)(void *arg, char *text, struct err *e), void *arg,
                     struct host_child **ret, struct err *e);
int host_child_fd(const struct host_child *job);
int host_child_finish(struct host_child *job, int timeout_ms, char **ret_text,
                      struct err *e);

/* Bury children that are nobody's: process 1 of a container inherits them. */
void host_child_reap(void);

#endif
