/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NODE_VERSIONS_H
#define DIAGNOSE_NODE_VERSIONS_H

#include "diagnose/rules/source.h"

/* The versions of the operating system, the kernel and the kubelet. */
extern const struct diagnose_source source_versions;

#endif
