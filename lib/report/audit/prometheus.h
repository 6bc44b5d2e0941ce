/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_PROMETHEUS_H
#define REPORT_AUDIT_PROMETHEUS_H

/* The metrics of an audit, of report_prometheus() and of the watch. */

#include "engine/persist/persist.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Print whether a resource differs. `i` counts them: the first has the head of them all.
 */
void prometheus_resource(FILE *out, size_t i, const struct resource *r, enum state state,
                         bool waived);

/*
 * Print how many resources are in each state, and how many differ and are waived; whether
 * the API answered; and when this was read. `api_failed`: see persist_failed().
 */
void prometheus_sums(FILE *out, const size_t *by_state, size_t waived,
                     enum persist_state api, bool api_failed, int64_t unix_s);

#endif
