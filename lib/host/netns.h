/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_NETNS_H
#define HOST_NETNS_H

/*
 * The network namespaces of the node: those that processes are in, and those that a
 * mounted file keeps. Needs the host's process ids (a container: its PID namespace).
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;

struct host_netns {
	uint64_t dev, ino; /* what is the same namespace: "net:[ino]" */
	int pid;           /* a process that is in it; 0: see path */
	char name[16];     /* its command, or "" */
	char *path;        /* host path of a file mounted from it; NULL: see pid */
};

struct host_netns_list {
	struct host_netns *list; /* our own first */
	size_t n, cap;
	size_t denied; /* processes that may not be looked at */
};

/*
 * List them, each once. What vanishes meanwhile is left out; so is what is denied, and
 * counted: looking needs all capabilities of the other process, or CAP_SYS_PTRACE.
 * Return: 0; -ENOTSUP if the root is no live system; -errno. Free in any case.
 */
int host_netns_list(const struct host *h, struct host_netns_list *ret, struct err *e);

/* Add those that only a mounted file leads to. Slower; the same rules. */
int host_netns_list_mounted(const struct host *h, struct host_netns_list *ret,
                            struct err *e);

void host_netns_list_done(struct host_netns_list *l);

#define _netns_list_ _cleanup_(host_netns_list_done)

/* The one of the list that is the same; NULL: none. */
const struct host_netns *host_netns_find(const struct host_netns_list *l, uint64_t dev,
                                         uint64_t ino);

/* Whether our own is that of the host's process 1; true if it may not be looked at. */
bool host_netns_is_hosts(const struct host *h);

/*
 * Open it for entering. Return: the descriptor; -ENOENT if it is gone, or its process
 * is another now; -EACCES as above.
 */
int host_netns_open(const struct host *h, const struct host_netns *n, struct err *e);

/* Run host_child_run() in it. `fd` from host_netns_open(). */
int host_netns_call(const struct host *h, int fd, int timeout_ms,
                    int (*call)(void *arg, char *text, struct err *e), void *arg,
                    struct err *e);

#endif
