/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NFS_EXPORTS_H
#define DIAGNOSE_NFS_EXPORTS_H

/*
 * The exports of an NFS server: the kernel's table, and exports(5). The parsers take
 * untrusted text. Clients are not of interest, and their names are not kept.
 */

#include <stdbool.h>
#include <stddef.h>

struct nfs_export {
	char *path;  /* as the processes of the server see it */
	bool sync;   /* for at least one client */
	char *where; /* "/etc/exports:3" */

	/* Of the mount that it lies on; fstype NULL: unknown. */
	unsigned major, minor;
	char *fstype;
};

struct nfs_exports {
	struct nfs_export *list;
	size_t n, cap;
};

/* Add an export. Takes ownership of nothing. Return: it, borrowed until the next one. */
struct nfs_export *nfs_exports_add(struct nfs_exports *e, const char *path, bool sync,
                                   const char *where);

/*
 * Add what /proc/fs/nfsd/exports, or /proc/net/rpc/nfsd.export/content, shows: the
 * exports that clients used, with the options in effect. `where` names the file.
 */
void nfs_exports_parse_table(const char *text, const char *where,
                             struct nfs_exports *ret);

/*
 * Add those of the text of /etc/exports or a file of /etc/exports.d that `ret` does not
 * have from the table: of them, clients use none yet.
 */
void nfs_exports_parse_file(const char *text, const char *file, struct nfs_exports *ret);

void nfs_exports_done(struct nfs_exports *e);

#endif
