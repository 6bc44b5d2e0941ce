/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_PODS_H
#define DIAGNOSE_PODS_PODS_H

#include "diagnose/rules/source.h"

/* Volumes of pods: what their containers have, against what is mounted on the host. */
extern const struct diagnose_source source_pods;

#endif
