/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_DIAGNOSE_H
#define DIAGNOSE_DIAGNOSE_H

#include "diagnose/rules/source.h"

/*
 * Diagnose: read all sources, waiting run->seconds between the two readings of counters,
 * and check the rules. Only reads. Fills *run->d, which is zeroed.
 *
 * Return: 0; -ETIME if the deadline of run->h passed while it waited.
 */
int diagnose(struct diagnose_run *run);

/*
 * Ask for a bundle what a diagnosis would ask of the host `h` and no file holds
 * (host/recorded.h).
 */
void diagnose_record(const struct host *h);

#endif
