/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_PRESSURE_H
#define DIAGNOSE_COUNTERS_PRESSURE_H

/* Pressure stall information: a file of /proc/pressure (Documentation/accounting/psi). */

#include <stdbool.h>
#include <stdint.h>

struct pressure_line {
	bool known;
	uint64_t avg60; /* per cent of the last minute, rounded down */
	uint64_t total; /* microseconds since boot */
};

struct pressure {
	struct pressure_line some, full;
};

/* Parse any text; what it lacks is unknown. */
void pressure_parse(const char *text, struct pressure *ret);

#endif
