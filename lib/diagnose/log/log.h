/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_LOG_H
#define DIAGNOSE_LOG_LOG_H

#include "diagnose/rules/source.h"

/* The kernel log: of the node, of a bundle, or of a file. */
extern const struct diagnose_source source_log;

#endif
