/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_OPEN_H
#define HOST_OPEN_H

#include "host/host.h"

/*
 * Open the host at `root` (NULL: HOST_BOOTSTRAP_ROOT if it exists, else "/").
 * Return: 0, or -errno with `e` set if root is not a readable directory.
 */
int host_open(struct host *h, const char *root, struct err *e);
void host_close(struct host *h);

#endif
