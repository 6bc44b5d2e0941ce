/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_REVERT_REVERT_H
#define REPORT_REVERT_REVERT_H

/* What a revert did, or would do. */

#include <stdbool.h>
#include <stdio.h>

struct revert;

struct revert_report {
	const struct revert *revert;
	bool acted; /* else only observed */
	bool quiet; /* only failures */
	bool verbose;
};

/* Print it for people: a title, then what is not as before, and why. */
void report_revert_text(const struct revert_report *r, FILE *out);

/* Print what a revert does as commands of a shell, with the rest as comments. */
void report_revert_commands(const struct revert *v, FILE *out);

#endif
