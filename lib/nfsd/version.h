/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_VERSION_H
#define NFSD_VERSION_H

/*
 * NFS versions as a profile names them. A set of them is a mask of nfsd_version.
 */

#include "base/diagnostics.h"

struct node;

/* Parse a list of versions into a set; 0 for NULL. Unknown versions become problems. */
unsigned nfsd_version_parse(const struct node *list, struct diagnostics *diag);

/* Format a set: "4.1, 4.2", or "none". Owned by the caller. */
char *nfsd_version_text(unsigned versions);

/* The set that nfsd_version_text() formatted, also with version 2; 0: it is none. */
unsigned nfsd_version_of_text(const char *text);

#endif
