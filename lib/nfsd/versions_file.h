/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_VERSIONS_FILE_H
#define NFSD_VERSIONS_FILE_H

/* The list of versions in the nfsd file system's file "versions". */

struct nfsd_server;

/* Set `versions` and `versions_known` from text of any origin. */
void nfsd_versions_file_parse(const char *text, struct nfsd_server *ret);

/* "-3 +4.1": all that are known, on or off. Owned by the caller. */
char *nfsd_versions_file_format(unsigned versions, unsigned known);

#endif
