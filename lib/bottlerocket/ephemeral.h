/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_EPHEMERAL_H
#define BOTTLEROCKET_EPHEMERAL_H

/*
 * Ephemeral storage of the Bottlerocket API. The API binds directories in the host's own
 * mount namespace, including directories that mounts made in a container cannot reach.
 * Errors read like those of api.h.
 */

#include "base/err.h"

struct host;

/* Where the API mounts the drives. It keeps an existing mount there (core kit 10.8). */
#define API_EPHEMERAL "/mnt/.ephemeral"

/*
 * Check whether the API would bind `dir` to the file system on `device` (host path; NULL:
 * device still unknown, check only the directory). Changes nothing.
 * Return: 0; -ENOENT without an API; -EPERM if the API does not allow that directory;
 * -ENODEV if it does not list the device's drives as ephemeral; else as
 * api_settings().
 */
int api_ephemeral_offers(const struct host *h, const char *device, const char *dir,
                         struct err *e);

/*
 * Bind `dir` to a directory on `device`, which is mounted at API_EPHEMERAL: call
 * init for exactly the device's drives, which finds them formatted, then bind. The API
 * may report success although the bind did not happen: the caller must check. Ends within
 * 300 s.
 */
int api_ephemeral_bind(struct host *h, const char *device, const char *dir,
                       struct err *e);

#endif
