/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NODE_SYSCTLS_H
#define DIAGNOSE_NODE_SYSCTLS_H

#include "diagnose/rules/source.h"

/* The sysctls that the rules of the configuration name. */
extern const struct diagnose_source source_sysctls;

#endif
