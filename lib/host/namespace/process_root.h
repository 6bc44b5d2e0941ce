/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_NAMESPACE_PROCESS_ROOT_H
#define HOST_NAMESPACE_PROCESS_ROOT_H

/*
 * The mount namespaces of the node's processes. Looking into one takes all capabilities
 * of the process, or CAP_SYS_PTRACE.
 */

#include "base/err.h"
#include "host/namespace/unseen.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct host_netns;

/* A mount namespace, and a process in it. */
struct host_process_root {
	uint64_t ino;
	int pid;
	bool hosts;    /* that of the host's process 1 */
	char name[16]; /* its command, printable */
};

struct host_process_roots {
	struct host_process_root *list;
	size_t n, cap;
	struct host_unseen unseen;
};

/*
 * List the mount namespaces of the processes in a network namespace, each once; of
 * several processes in one, it has the first named `preferred`.
 * Return: 0 or -errno. Free in any case.
 */
int host_process_roots(const struct host *h, const struct host_netns *ns,
                       const char *preferred, struct host_process_roots *ret,
                       struct err *e);
void host_process_roots_done(struct host_process_roots *r);

/*
 * Open a file as the process `pid` sees it. Links are resolved inside its root; a device,
 * a FIFO or a socket is -ENXIO. The file system may be one that its process controls:
 * read in a child with a time limit (host/process/child.h).
 */
int host_process_open(const struct host *h, int pid, const char *path, int flags,
                      struct err *e);

#endif
