/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_VERSIONS_FILE_H
#define NFSD_VERSIONS_FILE_H

/* The list of versions in the file "versions" of the nfsd file system. */

struct nfsd_server;

/* Set `versions` and `versions_known` from untrusted text. */
void nfsd_versions_file_parse(const char *text, struct nfsd_server *ret);

/* Format all known versions, on or off: "-3 +4.1". Owned by the caller. */
char *nfsd_versions_file_format(unsigned versions, unsigned known);

#endif
