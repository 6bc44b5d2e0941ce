/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_NFSD_TEXT_H
#define HOST_HOST_NFSD_TEXT_H

/* The list of versions in the nfsd file system's file "versions". */

struct host_nfsd;

/* Set `versions` and `versions_known` from text of any origin. */
void host_nfsd_text_parse(const char *text, struct host_nfsd *ret);

/* "-3 +4.1": all that are known, on or off. Owned by the caller. */
char *host_nfsd_text_format(unsigned versions, unsigned known);

#endif
