/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_NFSD_H
#define HOST_HOST_NFSD_H

/*
 * The control files of the kernel's NFS server in our network namespace: the nfsd
 * file system, where the host has it mounted or else on a mount of our own that
 * nobody sees.
 */

#include "base/err.h"

struct host;

/*
 * Read a control file ("threads") without the white space at its end.
 * Return: 0; -ENOENT if this kernel has no NFS server or its module is not loaded;
 * -EPERM without the right to mount. The caller frees *ret_text.
 */
int host_nfsd_read(const struct host *h, const char *file, char **ret_text,
                   struct err *e);

/*
 * Write to a control file. Writing a number to "threads" STARTS a server that does
 * not run: ask before.
 */
int host_nfsd_write(struct host *h, const char *file, const char *text, struct err *e);

#endif
