/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NFS_NFS_H
#define DIAGNOSE_NFS_NFS_H

#include "diagnose/rules/source.h"

/* The NFS servers of all network namespaces, and what they export. */
extern const struct diagnose_source source_nfs;

#endif
