/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_VERSION_H
#define NFSD_VERSION_H

/*
 * Versions of NFS as a profile names them. Sets of them are enum nfsd_version.
 */

#include "base/diagnostics.h"

struct node;

/* The set that a list of a profile names; 0 for NULL. Unknown ones are problems. */
unsigned nfsd_version_parse(const struct node *list, struct diagnostics *diag);

/* "4.1, 4.2"; "none". Owned by the caller. */
char *nfsd_version_text(unsigned versions);

#endif
