/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_NFSD_FILES_H
#define HOST_HOST_NFSD_FILES_H

/*
 * The nfsd file system, which shows the server of the network namespace that it was
 * mounted in; for host_nfsd.c. Each call uses a mount that the host has for good, if
 * it is of our namespace, else one of its own in a child process, which is gone
 * afterwards: see host_nfsd.h for why the caller has to know that this is harmless.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct host_nfsd;

/* Whether the module is loaded: mounting would load it. -ENOENT if not. */
int host_nfsd_files_check(const struct host *h, struct err *e);

/* Whether a mount of our network namespace is there for good. */
bool host_nfsd_files_mounted(const struct host *h);

/*
 * Read `n` files, without white space at their ends, into texts[], which the caller
 * frees; NULL for one that is not there, or has nothing as no server runs.
 */
int host_nfsd_files_read(const struct host *h, const char *const *files, size_t n,
                         char **texts, struct err *e);

int host_nfsd_files_write(struct host *h, const char *file, const char *text,
                          struct err *e);

/* Fill all but pool_mode. */
int host_nfsd_files_get(const struct host *h, struct host_nfsd *ret, struct err *e);

/* Mount it to stay. Return: 1 if it was mounted, 0 if it already is. */
int host_nfsd_files_mount(struct host *h, struct err *e);
int host_nfsd_files_unmount(struct host *h, struct err *e);

#endif
