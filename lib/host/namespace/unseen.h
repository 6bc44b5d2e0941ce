/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_NAMESPACE_UNSEEN_H
#define HOST_NAMESPACE_UNSEEN_H

/*
 * What a search through the node's processes and mounts could not see. What is gone
 * meanwhile does not count.
 */

#include <stddef.h>

struct host_unseen {
	size_t denied; /* processes that we may not inspect */
	char *failure; /* the first other failure; NULL: none */
};

/* Note that the entry `file` of a process could not be read. */
void host_unseen_process(struct host_unseen *u, int errnum, const char *file);

/* Note another failure in words. */
void host_unseen_failure(struct host_unseen *u, const char *text);

/* All in words, owned by the caller; NULL: everything was seen. */
char *host_unseen_text(const struct host_unseen *u);

void host_unseen_done(struct host_unseen *u);

#endif
