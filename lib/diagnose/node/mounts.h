/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NODE_MOUNTS_H
#define DIAGNOSE_NODE_MOUNTS_H

#include "diagnose/rules/source.h"

/* File systems that hold data, and NFS mounts: their options, and what they lie on. */
extern const struct diagnose_source source_mounts;

#endif
