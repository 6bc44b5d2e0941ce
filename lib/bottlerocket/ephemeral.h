/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_EPHEMERAL_H
#define BOTTLEROCKET_EPHEMERAL_H

/*
 * Ephemeral storage of the Bottlerocket API: it binds directories in the host's own
 * mount namespace, also those that a container's mounts do not reach. Errors read as
 * those of api.h.
 */

#include "base/err.h"

struct host;

/* Where the API mounts the drives, and what stands there it leaves (core kit 10.8). */
#define API_EPHEMERAL "/mnt/.ephemeral"

/*
 * Whether the API would bind `dir` to the file system on `device` (host path; NULL: not
 * known yet, and not asked for). Nothing is changed.
 * Return: 0; -ENOENT without an API; -EPERM if the API does not allow that directory;
 * -ENODEV if it does not count the device's drives as ephemeral; else as
 * api_settings().
 */
int api_ephemeral_offers(const struct host *h, const char *device, const char *dir,
                         struct err *e);

/*
 * Have `dir` bound to a directory on `device`, which is mounted at API_EPHEMERAL:
 * init for exactly the device's drives, which finds them formatted, then bind. Success
 * of the API does not mean that it was done: look. Ends within 300 s.
 */
int api_ephemeral_bind(struct host *h, const char *device, const char *dir,
                       struct err *e);

#endif
