/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_FILES_H
#define NFSD_FILES_H

/*
 * The nfsd file system, which shows the server of the network namespace that it was
 * mounted in; for server.c. Each call uses a permanent mount of the host if it
 * belongs to our namespace, else a temporary mount in a child process. See server.h
 * for why the caller must know that this is harmless.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;
struct nfsd_server;

/* Check that the module is loaded, because mounting would load it. -ENOENT if not. */
int nfsd_files_check(const struct host *h, struct err *e);

/* Whether our network namespace is the host's, as far as can be determined. */
bool nfsd_files_in_host_net(const struct host *h);

/*
 * Whether a permanent mount of our network namespace exists.
 * Return: 1; 0: it is mounted nowhere; -errno: unknown.
 */
int nfsd_files_find_mount(const struct host *h, struct err *e);

/*
 * Read `n` files, without trailing white space, into texts[], which the caller frees;
 * NULL for a file that does not exist or is empty because no server is running.
 */
int nfsd_files_read(const struct host *h, const char *const *files, size_t n,
                    char **texts, struct err *e);

int nfsd_files_write(struct host *h, const char *file, const char *text, struct err *e);

/* Fill in all but pool_mode. */
int nfsd_files_get(const struct host *h, struct nfsd_server *ret, struct err *e);

/*
 * Mount it permanently, or undo that.
 * Return: 1 if it was mounted, 0 if it already was.
 */
int nfsd_files_mount(struct host *h, struct err *e);
int nfsd_files_unmount(struct host *h, struct err *e);

#endif
