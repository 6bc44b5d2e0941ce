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
 * Where a bootstrap container mounts it for a server that it starts: the kernel stops
 * the server with the last mount, and mounts elsewhere do not outlive the container.
 */
#define HOST_NFSD_DIR "/mnt/.hosttune/nfsd"

/*
 * Read a control file ("threads") without the white space at its end.
 * Return: 0; -ENOENT if this kernel has no NFS server or its module is not loaded;
 * -EPERM without the right to mount; -EBUSY where looking could stop a server. The
 * caller frees *ret_text.
 */
int host_nfsd_read(const struct host *h, const char *file, char **ret_text,
                   struct err *e);

/*
 * Mount it to stay, on the host's /proc/fs/nfsd or else on HOST_NFSD_DIR: before a
 * server is started. Return: 1 if it was mounted, 0 if it already is.
 */
int host_nfsd_mount(struct host *h, struct err *e);

/* Undo that. It stops the server of our network namespace. */
int host_nfsd_unmount(struct host *h, struct err *e);

/*
 * Write to a control file. Writing a number to "threads" STARTS a server that does
 * not run: ask before.
 */
int host_nfsd_write(struct host *h, const char *file, const char *text, struct err *e);

#endif
