/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_NODE_INTERFACES_H
#define DIAGNOSE_NODE_INTERFACES_H

#include "diagnose/rules/source.h"

/* The driver and the configuration of each network interface. */
extern const struct diagnose_source source_interfaces;

#endif
