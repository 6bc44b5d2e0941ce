/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_OWN_NAMESPACES_H
#define HOST_OWN_NAMESPACES_H

/*
 * Some sysctls exist once per namespace. A process sees those of its namespaces,
 * whichever /proc it opens: in a container, kernel.sem is that of the container. A
 * Bottlerocket bootstrap container has its own IPC and UTS namespace; other containers
 * may have a user and a PID namespace, too.
 */

#include "host/host.h"

/*
 * Compare them with those of process 1 below a root. To inspect that process takes all
 * capabilities that it has, or CAP_SYS_PTRACE: call it before any are given up.
 */
struct host_namespaces host_namespaces_compare(int root_fd);

/*
 * Refuse a path of /proc/sys that would show another namespace than that of the host's
 * process 1. All other paths pass.
 * Return: 0; -EREMOTE: it is another namespace, or that is unknown.
 */
int host_namespaces_check(const struct host *h, const char *path, struct err *e);

#endif
