/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/namespace/unseen.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void host_unseen_failure(struct host_unseen *u, const char *text)
{
	if (!u->failure)
		u->failure = mem_dup(text);
}

void host_unseen_process(struct host_unseen *u, int errnum, const char *file)
{
	_free_ char *text = NULL;

	/* a zombie, not yet waited for, has no namespaces either: ESRCH */
	if (errnum == ENOENT || errnum == ESRCH)
		return;
	if (errnum == EACCES || errnum == EPERM) {
		u->denied++;
		return;
	}
	text = mem_format("inspect /proc/%s: %s", file, strerror(errnum));
	host_unseen_failure(u, text);
}

char *host_unseen_text(const struct host_unseen *u)
{
	if (u->failure)
		return mem_dup(u->failure);
	return u->denied > 0
	               ? mem_format("%zu processes may not be inspected (run as root)",
	                            u->denied)
	               : NULL;
}

void host_unseen_done(struct host_unseen *u)
{
	free(u->failure);
	*u = (struct host_unseen){0};
}
