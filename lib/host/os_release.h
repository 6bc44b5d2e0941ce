/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_OS_RELEASE_H
#define HOST_OS_RELEASE_H

#include "base/err.h"

struct host;

/*
 * Read a value of the host's os-release(5), such as "VARIANT_ID", without its quotes.
 * *ret is owned by the caller; "" if the file has no such line. *ret_path (may be NULL)
 * gets the path of the file. Return: 0; -errno if the host has no such file.
 */
int host_os_release(const struct host *h, const char *key, char **ret,
                    const char **ret_path, struct err *e);

/* Read the file, if there is one, and keep it for all calls of host_os_release(). */
void host_os_release_keep(struct host *h);

#endif
