/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_CALL_H
#define HOST_HOST_CALL_H

/*
 * Run a function in a child process that stands elsewhere: inside the host's root,
 * in a private mount namespace. What it changes of itself ends with it.
 */

#include "base/err.h"

struct host;

#define HOST_CALL_TEXT_MAX 16384

enum host_call_where {
	HOST_CALL_CHROOT = 1 << 0,  /* the host's root is "/" */
	HOST_CALL_PRIVATE = 1 << 1, /* own mount namespace; mounts do not leave it */
};

/*
 * `call` gets `arg`, a zeroed text of HOST_CALL_TEXT_MAX bytes to answer with, and
 * `e`. It returns 0 or -errno with `e` set. If ret_text is not NULL it gets the
 * answer (owned by the caller). -ETIMEDOUT if the child does not end within
 * timeout_ms (it is killed then), -EIO if it dies.
 */
int host_call(const struct host *h, unsigned where, int timeout_ms,
              int (*call)(void *arg, char *text, struct err *e), void *arg,
              char **ret_text, struct err *e);

#endif
