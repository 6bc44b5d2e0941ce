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

/*
 * Compare the namespaces of this process with those of such a host before capabilities
 * are given up; unknown if `root` cannot be opened.
 */
struct host_namespaces host_open_namespaces(const char *root);

/*
 * Open a bundle in place of a host, and own it: host_close() frees it, also after an
 * error. Return: 0, or -EBADMSG if its manifest does not describe a host.
 */
int host_open_bundle(struct host *h, struct bundle *b, struct err *e);

/* Note in the manifest of h->record what host_open_bundle() needs. */
void host_describe(const struct host *h);

#endif
