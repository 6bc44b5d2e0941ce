/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_NAMESPACE_NETNS_H
#define HOST_NAMESPACE_NETNS_H

/*
 * The network namespaces of the node: those with processes in them, and those that a
 * mounted file keeps alive. Needs the host's process ids (a container: the host's PID
 * namespace).
 */

#include "base/err.h"
#include "host/namespace/unseen.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;

struct host_netns {
	uint64_t dev, ino; /* identity of the namespace: "net:[ino]" */
	int pid;           /* a process in it; 0: see path */
	char name[16];     /* its command, or "" */
	char *path;        /* host path of a file that it is mounted on; NULL: see pid */
};

struct host_netns_list {
	struct host_netns *list; /* our own first, if the host's /proc has our process */
	size_t n, cap;
	struct host_unseen unseen;
};

/*
 * List them, each once. Namespaces that disappear meanwhile are skipped. What cannot be
 * inspected is noted in ret->unseen: inspecting a process takes all its capabilities, or
 * CAP_SYS_PTRACE.
 * Return: 0; -ENOTSUP if the root is not a live system; -errno. Free in any case.
 */
int host_netns_list(const struct host *h, struct host_netns_list *ret, struct err *e);

/*
 * Add the namespaces that are reachable only through a mounted file. Slower; all that
 * fails is noted in ret->unseen.
 */
void host_netns_list_mounted(const struct host *h, struct host_netns_list *ret);

void host_netns_list_done(struct host_netns_list *l);

#define _netns_list_ _cleanup_(host_netns_list_done)

/* Find the same namespace in the list; NULL: not found. */
const struct host_netns *host_netns_find(const struct host_netns_list *l, uint64_t dev,
                                         uint64_t ino);

/* Whether this process is in the namespace; false if that cannot be determined. */
bool host_netns_is_own(const struct host_netns *n);

/*
 * Open the namespace for entering.
 * Return: the descriptor; -ENOENT if it is gone, or its process ID now belongs to another
 * process; -EACCES as above.
 */
int host_netns_open(const struct host *h, const struct host_netns *n, struct err *e);

/* Run host_child_run() in the namespace. `fd` comes from host_netns_open(). */
int host_netns_call(const struct host *h, int fd, int timeout_ms,
                    int (*call)(void *arg, char *text, struct err *e), void *arg,
                    struct err *e);
int host_netns_call_text(const struct host *h, int fd, int timeout_ms,
                         int (*call)(void *arg, char *text, struct err *e), void *arg,
                         char **ret_text, struct err *e);

#endif
