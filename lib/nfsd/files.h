/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_FILES_H
#define NFSD_FILES_H

/*
 * The nfsd file system, which shows the server of the network namespace that it was
 * mounted in; for nfsd_server.c. Each call uses a mount that the host has for good, if
 * it is of our namespace, else one of its own in a child process, which is gone
 * afterwards: see nfsd_server.h for why the caller has to know that this is harmless.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct nfsd_server;

/* Whether the module is loaded: mounting would load it. -ENOENT if not. */
int nfsd_files_check(const struct host *h, struct err *e);

/* Whether our network namespace is, as far as can be told, the host's. */
bool nfsd_files_in_host_net(const struct host *h);

/* Whether a mount of our network namespace is there for good. */
bool nfsd_files_mounted(const struct host *h);

/*
 * Read `n` files, without white space at their ends, into texts[], which the caller
 * frees; NULL for one that is not there, or has nothing as no server runs.
 */
int nfsd_files_read(const struct host *h, const char *const *files, size_t n,
                    char **texts, struct err *e);

int nfsd_files_write(struct host *h, const char *file, const char *text, struct err *e);

/* Fill all but pool_mode. */
int nfsd_files_get(const struct host *h, struct nfsd_server *ret, struct err *e);

/* Mount it to stay. Return: 1 if it was mounted, 0 if it already is. And undo that. */
int nfsd_files_mount(struct host *h, struct err *e);
int nfsd_files_unmount(struct host *h, struct err *e);

#endif
