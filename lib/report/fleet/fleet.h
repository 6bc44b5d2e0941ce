/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_FLEET_FLEET_H
#define REPORT_FLEET_FLEET_H

/* The reports of many nodes as one, for people and for machines. Call fleet_sort() first.
 */

#include <stdbool.h>
#include <stdio.h>

struct fleet;

/*
 * Print a table of the resources that are out of sync on some node, in 80 columns: on how
 * many nodes, with which values, and on which nodes first. `verbose`: all resources.
 */
void report_fleet_text(const struct fleet *f, bool verbose, FILE *out);

/* Print one JSON document, version 1: all resources and variants. */
void report_fleet_json(const struct fleet *f, FILE *out);

/* Print one HTML page: a row for each variant of a resource. */
void report_fleet_html(const struct fleet *f, FILE *out);

#endif
