/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_OPEN_H
#define HOST_OPEN_H

#include "host/host.h"

/*
 * Open the host at `root` (NULL: HOST_BOOTSTRAP_ROOT if it is there, else "/").
 * Return: 0, or -errno and `e` if root is no readable directory.
 */
int host_open(struct host *h, const char *root, struct err *e);
void host_close(struct host *h);

#endif
